"""The pages of a run: the process that makes them meanwhile, and what goes wrong with a single one."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import nbformat
import psutil
import pytest
from nbformat import NotebookNode

from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.read.reader import read_run
from nightbook.reporting import notebook_exporter, notebook_pages
from nightbook.reporting.notebook_pages import make_missing_pages, pages_made_meanwhile
from tests.support.recording import RUN_ID, declared, execute_attempt, recorded_invocation

DAMAGED = {
    "empty": b"",
    "bytes": b"\xff\xfe\x00 no text",
    "json": b"[1, 2",
    "list": b"[1, 2]",
    "deep": b"[" * 100_000,
    "number": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": 3}',
    "version": b'{"nbformat": 99, "metadata": {}, "cells": []}',
}
STRANGE = {"hangs": "took more than 3 s", "dies": "was killed by SIGKILL", "memory": "MemoryError: no more"}


def test_the_end_of_a_run_does_not_wait_for_a_process_that_gets_no_processor(tmp_path: Path) -> None:
    others = psutil.Process().children()
    with pages_made_meanwhile(RunFolder(tmp_path)):
        (maker,) = (child for child in psutil.Process().children() if child not in others)
        maker.suspend()

    assert not maker.is_running()


def record(folder: RunFolder, contents: dict[str, bytes]) -> dict[str, AttemptFolder]:
    """Record a task for each notebook; return their attempts, whose pages are missing."""
    attempts = {name: folder.task(name).attempt(1) for name in contents}
    with recorded_invocation(folder, [declared(name) for name in contents]):
        for name, attempt in attempts.items():
            attempt.path.mkdir(parents=True)
            attempt.notebook.write_bytes(contents[name])
            execute_attempt(attempt)
    return attempts


def notebook(text: str) -> bytes:
    cell = nbformat.v4.new_markdown_cell(text)
    return nbformat.writes(nbformat.v4.new_notebook(cells=[cell])).encode()  # type: ignore[no-untyped-call, no-any-return]


def test_a_damaged_notebook_has_a_page_that_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / RUN_ID)
    attempts = record(folder, {"first": notebook("shown"), **DAMAGED, "last": notebook("shown")})

    make_missing_pages(folder, read_run(folder.path))

    said = capfd.readouterr().err
    for name, attempt in attempts.items():
        page = attempt.html.read_text(encoding="utf-8")
        if name in DAMAGED:
            assert "The page of this notebook could not be made: " in page, name
            assert len(page.splitlines()) == 1, name
            assert f"note: the notebook of {name}, attempt 1 has no page: " in said
        else:
            assert "shown" in page
            assert "could not be made" not in page
    assert "Traceback" not in said


@pytest.fixture
def strange(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Notebooks for which nbconvert never ends, crashes, or takes all memory."""
    proper = notebook_exporter.notebook_to_html

    def to_html(notebook: NotebookNode) -> str:
        match notebook.cells[0].source:
            case "hangs":
                time.sleep(1000)
            case "dies":
                os.kill(os.getpid(), signal.SIGKILL)
            case "memory":
                raise MemoryError("no more")
        return proper(notebook)

    monkeypatch.setattr(notebook_exporter, "notebook_to_html", to_html)
    before = set(psutil.Process().children())
    yield
    assert not set(psutil.Process().children()) - before


@pytest.mark.promise("The page of a notebook never holds up the end of a run.")
@pytest.mark.usefixtures("strange")
def test_a_page_that_never_ends_or_kills_its_process_concerns_itself_alone(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / RUN_ID)
    contents = {name: notebook(name) for name in ("first", *STRANGE, "last")}
    attempts = record(folder, contents)

    make_missing_pages(folder, read_run(folder.path), timeout_s=3)

    for name, attempt in attempts.items():
        page = attempt.html.read_text(encoding="utf-8")
        assert STRANGE.get(name, f"<p>{name}</p>") in page


@pytest.mark.usefixtures("strange")
def test_the_process_beside_a_run_goes_on_after_a_page_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notebook_pages, "_use_idle_processors", lambda: None)  # other tests leave none idle
    folder = RunFolder(tmp_path / RUN_ID)
    folder.spans.mkdir(parents=True)
    with pages_made_meanwhile(folder):
        attempts = record(folder, {"memory": notebook("memory"), "last": notebook("last")})
        end = time.monotonic() + 60
        while not attempts["last"].html.is_file() and time.monotonic() < end:
            time.sleep(0.05)

    assert attempts["last"].html.is_file()
    assert not attempts["memory"].html.exists()


def test_a_full_disk_costs_the_page_that_has_no_room(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = RunFolder(tmp_path / RUN_ID)
    attempts = record(folder, {"first": notebook("x" * 2_000_000), "last": notebook("shown")})
    disk = attempts["first"].path
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    content = attempts["first"].notebook.read_bytes()
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a disk that is small enough to fill")
    try:
        attempts["first"].notebook.write_bytes(content)
        make_missing_pages(folder, read_run(folder.path))
        page = attempts["first"].html.read_text(encoding="utf-8")
    finally:
        subprocess.run(["umount", str(disk)], check=True)

    assert "No space left on device" in page
    assert "No space left on device" in capfd.readouterr().err
    assert "shown" in attempts["last"].html.read_text(encoding="utf-8")
