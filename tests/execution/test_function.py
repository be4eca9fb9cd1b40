"""A function as a body: its process, its output, its deadline, and what is left when it has ended."""

import logging
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

import nightbook
from nightbook.execution.attempt import AttemptFailedError, make_attempt
from nightbook.execution.body import BodyError
from nightbook.execution.function.body import FunctionBody
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Attempt, Error, Outcome
from nightbook.record.read.reader import read_run
from tests.support.attempts import declared_job
from tests.support.project import wait_for
from tests.support.recording import RUN_ID

STATE = {"calls": 0}


class Attempted:
    """What an attempt of a function has left."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.max_output_bytes = 10_000

    def make(self, function: Callable[..., object], *, timeout_s: float = 60) -> Attempt:
        body = FunctionBody(
            function, "Work.execute", "the source\n", None, {"MOOD": "good"}, self.max_output_bytes
        )
        job = declared_job(self.path, body, timeout_s=timeout_s)
        with suppress(AttemptFailedError):
            make_attempt(job, lambda _: None)
        return read_run(self.path / RUN_ID).task("work").attempts[-1]

    def error(self, function: Callable[..., object], *, timeout_s: float = 60) -> Error:
        error = self.make(function, timeout_s=timeout_s).error
        assert error is not None
        return error

    @property
    def log(self) -> str:
        return (RunFolder(self.path / RUN_ID).task("work").attempt(1).output_log).read_text()


@pytest.fixture
def attempted(tmp_path: Path) -> Attempted:
    return Attempted(tmp_path)


def test_its_output_is_published_and_what_it_logs_recorded(attempted: Attempted) -> None:
    def function(inputs: None, output_dir: Path) -> str:
        (output_dir / "made").write_text(f"{inputs}")
        nightbook.log_metric("loss", 0.5)
        nightbook.log_text("words", "words.txt")
        return "ignored"

    attempt = attempted.make(function)

    task = RunFolder(attempted.path / RUN_ID).task("work")
    assert (attempt.outcome, attempt.error, attempt.metrics) == (Outcome.SUCCESS, None, {"loss": 0.5})
    assert [artifact.name for artifact in attempt.artifacts] == ["words.txt"]
    assert (task.output / "made").read_text() == "None"
    assert task.attempt(1).source.read_text() == "the source\n"


def test_prints_logging_and_the_output_of_processes_are_captured(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        print("printed")
        print("to stderr", file=sys.stderr)
        logging.basicConfig(format="%(message)s", force=True)  # pytest has its own
        logging.getLogger("mine").warning("logged")
        subprocess.run(["sh", "-c", "echo from a process"], check=True)
        os.write(1, b"written\n")
        print("no end of line", end="")

    attempted.make(function)

    assert attempted.log == "printed\nto stderr\nlogged\nfrom a process\nwritten\nno end of line"


def test_a_flood_is_cut_with_a_notice(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        for _line in range(20_000):
            print("x" * 100)

    assert attempted.make(function).outcome is Outcome.SUCCESS
    assert len(attempted.log) < 10_300
    assert "more than 10,000 bytes of output" in attempted.log


def test_an_exception_is_recorded_with_the_functions_own_lines(attempted: Attempted) -> None:
    def divide(number: int) -> float:
        return number / 0

    def function(*_: object) -> None:
        divide(1)

    error = attempted.error(function)

    assert (error.type, error.message) == ("ZeroDivisionError", "division by zero")
    assert "return number / 0" in error.traceback
    assert error.traceback.count("File ") == 2
    assert "nightbook/execution" not in error.traceback


class HugeError(Exception):
    def __init__(self) -> None:
        super().__init__("\ud800" + "x" * 10_000_000)
        self.lock = open(os.devnull)  # noqa: SIM115, PTH123 cannot be pickled


class SilentError(Exception):
    def __str__(self) -> str:
        raise ValueError("no text")


@pytest.mark.parametrize(
    ("exception", "type_"),
    [
        (SystemExit(0), "SystemExit"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (HugeError(), "HugeError"),
        (SilentError(), "SilentError"),
    ],
)
def test_any_exception_is_a_failure(attempted: Attempted, exception: BaseException, type_: str) -> None:
    def function(*_: object) -> None:
        raise exception

    attempt = attempted.make(function)

    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error
    assert attempt.error.type == type_
    assert len(attempt.error.message) <= 4_000
    assert len(attempt.error.traceback) <= 40_000


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda *_: os._exit(0), "ended with exit code 0 before the function returned"),
        (lambda *_: os._exit(7), "ended with exit code 7 before the function returned"),
        (lambda *_: os.kill(os.getpid(), signal.SIGKILL), "was killed by SIGKILL before the function"),
    ],
)
def test_a_process_that_ends_before_the_function_is_a_failure(
    attempted: Attempted, end: Callable[..., object], said: str
) -> None:
    error = attempted.error(end)

    assert error.type == "ProcessDied"
    assert said in error.message


def loop(*_: object) -> None:
    while True:
        pass


def hold_the_interpreter(*_: object) -> None:
    re.match(r"(a+)+$", "a" * 40 + "b")


def ignore_signals(*_: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(300)


@pytest.mark.parametrize("function", [loop, hold_the_interpreter, ignore_signals])
def test_the_deadline_ends_whatever_the_function_does(
    attempted: Attempted, function: Callable[..., object]
) -> None:
    start = time.monotonic()
    attempt = attempted.make(function, timeout_s=0.5)

    assert time.monotonic() - start < 10
    assert attempt.outcome is Outcome.TIMEOUT
    assert attempt.error
    assert attempt.error.message == "the function was stopped after timeout_s = 0.5 seconds"


def test_what_it_has_started_ends_with_it(attempted: Attempted) -> None:
    def function(_: object, output_dir: Path) -> None:
        started = subprocess.Popen(["sleep", "300"])
        forked = os.fork()
        if not forked:
            time.sleep(300)
        (output_dir / "ids").write_text(f"{started.pid} {forked}")

    attempted.make(function)

    output = RunFolder(attempted.path / RUN_ID).task("work").output
    for process in map(int, (output / "ids").read_text().split()):
        wait_for(lambda process=process: not is_alive(process), f"{process} ends", 10)


def is_alive(process: int) -> bool:
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_fork_that_returns_from_the_function_reports_nothing(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        child = os.fork()
        if child:
            os.waitpid(child, 0)
            raise ValueError("of the function")

    assert attempted.error(function).message == "of the function"


def test_nothing_that_it_changes_is_found_by_others(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        STATE["calls"] += 1
        os.environ["LEFT"] = "behind"
        os.chdir("/")
        print(STATE["calls"], os.environ["MOOD"], os.environ["OMP_NUM_THREADS"])

    before = Path.cwd(), os.getpgid(0)
    attempted.make(function)

    assert attempted.log == "1 good 1\n"
    assert (Path.cwd(), os.getpgid(0)) == before
    assert STATE == {"calls": 0}
    assert "LEFT" not in os.environ


def test_a_function_of_other_arguments_is_refused_before_the_run() -> None:
    body = FunctionBody(lambda: None, "Work.execute", "", None, {}, 1)

    with pytest.raises(BodyError, match=r"Define it as `def execute\(self, inputs, output_dir\):`"):
        body.check()
