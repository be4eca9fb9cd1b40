"""What the terminal shows of an attempt that says how far it is."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

import nightbook
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.reporting import progress
from nightbook.reporting.progress import live_progress
from tests.support.project import wait_for
from tests.support.recording import RUN_ID, TASKS, USE, recorded_attempt, recorded_invocation


def report_until(folder: RunFolder, shown: Callable[[], bool], *, cell_count: int) -> None:
    """Run an attempt that reports its progress, until it is shown."""
    attempt = folder.task(USE).attempt(1)
    attempt.path.mkdir(parents=True)
    with (
        recorded_invocation(folder, TASKS, outcome=None),
        live_progress(folder, 1),
        recorded_attempt(attempt, cell_count=cell_count) as recorder,
    ):
        nightbook.progress(37, 100, "epoch [3]\x1b[2J")
        wait_for(shown, "the progress", timeout_s=30)
        recorder.finish(Outcome.SUCCESS)


@pytest.mark.parametrize(("cell_count", "bar"), [(4, "0/4"), (0, "37/100")])
def test_a_terminal_shows_it_beside_the_bar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cell_count: int, bar: str
) -> None:
    terminal = io.StringIO()
    monkeypatch.setattr(progress, "Console", lambda: Console(file=terminal, force_terminal=True, width=150))

    def shown() -> bool:
        return "37 of 100 · epoch [3]" in terminal.getvalue() and bar in terminal.getvalue()

    report_until(RunFolder(tmp_path / RUN_ID), shown, cell_count=cell_count)

    assert "\x1b[2J" not in terminal.getvalue()


def test_a_log_has_a_line(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    seen: list[str] = []

    def shown() -> bool:
        seen.append(capfd.readouterr().out)
        return "use: attempt 1: 37 of 100 · epoch [3]" in "".join(seen)

    report_until(RunFolder(tmp_path / RUN_ID), shown, cell_count=4)

    assert "use: attempt 1 starts, 4 cells" in "".join(seen)
