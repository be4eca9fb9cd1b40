"""A function's process ends as a script ends: what it has left open is complete before it is published."""

import atexit
import logging
import logging.handlers
import multiprocessing
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nightbook.execution.function import process
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.execution.test_function import Attempted
from tests.support.recording import RUN_ID

KEPT: list[Any] = []


@pytest.fixture
def attempted(tmp_path: Path) -> Attempted:
    return Attempted(tmp_path)


def open_file(_: object, folder: Path) -> None:
    KEPT.append((folder / "late").open("w"))
    KEPT[-1].write("done")


def file_in_a_cycle(_: object, folder: Path) -> None:
    cycle: list[Any] = [(folder / "late").open("w")]
    cycle[0].write("done")
    cycle.append(cycle)


def exit_hook(_: object, folder: Path) -> None:
    atexit.register((folder / "late").write_text, "done")


def finalizer(_: object, folder: Path) -> None:
    KEPT.append(type("Thing", (), {})())
    weakref.finalize(KEPT[-1], (folder / "late").write_text, "done")


def thread(_: object, folder: Path) -> None:
    threading.Thread(target=lambda: time.sleep(1) or (folder / "late").write_text("done")).start()


def child(_: object, folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    context.Process(target=lambda: time.sleep(1) or (folder / "late").write_text("done")).start()


def logged(_: object, folder: Path) -> None:
    target = logging.FileHandler(folder / "late")
    target.terminator = ""
    logger = logging.getLogger("of a function")
    logger.addHandler(logging.handlers.MemoryHandler(100, target=target))
    logger.warning("done")


@pytest.mark.parametrize(
    "function",
    [open_file, file_in_a_cycle, exit_hook, finalizer, thread, child, logged],
    ids=lambda f: f.__name__,
)
def test_what_a_function_leaves_is_completed(attempted: Attempted, function: Callable[..., object]) -> None:
    made = attempted.make(function)

    assert made.outcome is Outcome.SUCCESS, made.error
    output = RunFolder(attempted.path / RUN_ID).task("work").output
    assert (output / "late").read_text() == "done"


def test_child_processes_of_the_worker_are_not_the_functions(attempted: Attempted) -> None:
    others = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    others.start()
    try:
        made = attempted.make(child)
    finally:
        others.kill()
        others.join()

    assert made.outcome is Outcome.SUCCESS, made.error
    assert (RunFolder(attempted.path / RUN_ID).task("work").output / "late").read_text() == "done"


def test_the_worker_exit_hooks_are_not_the_functions(attempted: Attempted, tmp_path: Path) -> None:
    folder = tempfile.TemporaryDirectory(dir=tmp_path)
    hook = atexit.register((tmp_path / "hook").write_text, "run by a fork")
    try:
        assert attempted.make(lambda *_: None).outcome is Outcome.SUCCESS
        assert Path(folder.name).is_dir()
        assert not (tmp_path / "hook").exists()
    finally:
        atexit.unregister(hook)
        folder.cleanup()


def test_a_function_process_that_does_not_end_is_killed_with_a_notice(
    attempted: Attempted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "GRACE_S", 0.5)

    made = attempted.make(lambda *_: threading.Thread(target=time.sleep, args=(1_000,)).start())

    assert made.outcome is Outcome.SUCCESS
    assert "the function's process was killed, because it had not ended" in attempted.log
