"""What every engine must do; each name in the table can be added to the fixture."""

import time
from multiprocessing import connection
from pathlib import Path

import pytest

from nightbook.execution.attempt import Progress
from nightbook.execution.engines.base import Ended, Engine, Handle
from nightbook.execution.engines.registry import find_engine
from nightbook.record.format.model import Outcome
from nightbook.record.read.reader import read_run
from tests.support.attempts import ScriptBody, declared_job
from tests.support.project import processes_of, wait_for

WAIT = "import pathlib, time\npathlib.Path('begun').touch()\ntime.sleep(600)"


@pytest.fixture(params=["local"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return find_engine(request.param)


def start(engine: Engine, path: Path, code: str, *, timeout_s: float = 60) -> Handle:
    return engine.start(declared_job(path, ScriptBody(code), timeout_s=timeout_s), ignore)


def end_of(handle: Handle) -> Ended:
    """How the attempt ended, as a worker waits for it."""
    deadline = time.monotonic() + 60
    while (ended := handle.poll()) is None:
        assert time.monotonic() < deadline
        connection.wait([handle.sentinel] if handle.sentinel else [], 0.5)
    assert handle.poll() == ended  # it can be asked again
    return ended


def outcome_in(path: Path) -> Outcome:
    (record,) = path.iterdir()
    (attempt,) = read_run(record).task("work").attempts
    return attempt.outcome


def ignore(_: Progress) -> None:
    pass


def test_a_success(engine: Engine, tmp_path: Path) -> None:
    handle = start(engine, tmp_path, "print(1)")

    assert end_of(handle) == Ended()
    assert outcome_in(tmp_path) is Outcome.SUCCESS


def test_a_failure_says_why(engine: Engine, tmp_path: Path) -> None:
    ended = end_of(start(engine, tmp_path, "1 / 0"))

    assert ended.error is not None
    assert not ended.lost
    assert "attempt 1 of work ended in failure" in ended.error.message
    assert "AttemptFailedError" in ended.error.traceback
    assert outcome_in(tmp_path) is Outcome.FAILURE


def test_a_timeout(engine: Engine, tmp_path: Path) -> None:
    ended = end_of(start(engine, tmp_path, WAIT, timeout_s=0.5))

    assert ended.error is not None
    assert not ended.lost
    assert "ended in timeout" in ended.error.message
    assert outcome_in(tmp_path) is Outcome.TIMEOUT


def test_a_process_that_is_killed_is_lost(engine: Engine, tmp_path: Path) -> None:
    ended = end_of(start(engine, tmp_path, "import os, time\nos.kill(os.getppid(), 9)\ntime.sleep(600)"))

    assert ended.error is not None
    assert ended.lost
    assert "SIGKILL" in ended.error.message
    assert outcome_in(tmp_path) is Outcome.INTERRUPTED


def test_a_cancelled_attempt_leaves_nothing_running(engine: Engine, tmp_path: Path) -> None:
    handle = start(engine, tmp_path, WAIT)
    begun = next(tmp_path.iterdir()) / "tasks" / "work" / "attempt-01" / "output" / "begun"
    wait_for(begun.exists, "the script begins")
    assert handle.poll() is None
    running = processes_of(tmp_path)

    handle.cancel()

    ended = handle.poll()
    assert ended is not None
    assert ended.lost
    assert running
    wait_for(lambda: processes_of(tmp_path) == [], "the script ends")
    assert outcome_in(tmp_path) is Outcome.INTERRUPTED


def test_what_has_ended_cannot_be_cancelled(engine: Engine, tmp_path: Path) -> None:
    handle = start(engine, tmp_path, "print(1)")
    end_of(handle)

    handle.cancel()

    assert handle.poll() == Ended()


def test_an_end_wakes_up_who_waits_for_the_sentinel(engine: Engine, tmp_path: Path) -> None:
    quick, slow = start(engine, tmp_path / "a", "print(1)"), start(engine, tmp_path / "b", WAIT)
    if quick.sentinel is None:
        pytest.skip("the engine is polled")
    sentinels = [handle.sentinel for handle in (quick, slow) if handle.sentinel]

    assert connection.wait(sentinels, 60) == [quick.sentinel]
    assert quick.poll() == Ended()
    assert slow.poll() is None
    slow.cancel()
