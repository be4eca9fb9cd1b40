"""A function as a body: its process, its output, its deadline, and what is left when it has ended."""

import ctypes
import logging
import multiprocessing
import os
import re
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil
import pytest

import nightbook
from nightbook.execution.body import BodyError
from nightbook.execution.function.body import FunctionBody
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.support.attempted_function import Attempted
from tests.support.project import wait_for
from tests.support.recording import RUN_ID

STATE = {"calls": 0}


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


def test_an_error_does_not_reveal_the_home_folder(
    attempted: Attempted, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(__file__).parents[1]
    monkeypatch.setenv("HOME", str(home))

    def function(*_: object) -> None:
        (home / "missing.csv").read_text()

    error = attempted.error(function)

    assert str(home) not in f"{error.message}{error.traceback}"
    assert "'~/missing.csv'" in error.message
    assert 'File "~/execution/test_function.py"' in error.traceback


def test_a_flood_is_cut_with_a_notice(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        for number in range(20_000):
            print("x" * 100, number)

    assert attempted.make(function).outcome is Outcome.SUCCESS
    assert len(attempted.log) < 10_300
    assert "bytes of output are left out here; the limit is max_output_bytes in luigi.cfg" in attempted.log
    assert attempted.log.endswith(" 19999\n")


@pytest.mark.promise("An exception is in the record, with its type, its message and its traceback.")
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


class BuiltWithFourError(Exception):
    """It is picklable, and cannot be unpickled."""

    def __init__(self, *four: int) -> None:
        _, _, _, _ = four
        super().__init__("built")


@pytest.mark.parametrize(
    ("exception", "type_"),
    [
        (SystemExit(0), "SystemExit"),
        (SystemExit(3), "SystemExit"),
        (GeneratorExit(), "GeneratorExit"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (HugeError(), "HugeError"),
        (SilentError(), "SilentError"),
        (BuiltWithFourError(1, 2, 3, 4), "BuiltWithFourError"),
        (BaseExceptionGroup("two", [ValueError(1), KeyboardInterrupt()]), "BaseExceptionGroup"),
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


def test_half_of_a_surrogate_pair_in_an_exception_keeps_its_type_and_text(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        raise ValueError("a\ud800b")

    attempt = attempted.make(function)

    assert attempt.error
    assert attempt.error.last_line == r"ValueError: a\ud800b"


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (lambda *_: os._exit(0), "ended with exit code 0 before the function returned"),
        (lambda *_: os._exit(7), "ended with exit code 7 before the function returned"),
        (lambda *_: os.kill(os.getpid(), signal.SIGKILL), "was killed by SIGKILL before the function"),
        (lambda *_: os.kill(os.getpid(), signal.SIGRTMIN + 1), "was killed by signal 35 before the function"),
        (lambda *_: ctypes.string_at(0), "was killed by SIGSEGV before the function returned"),
        (lambda *_: os.abort(), "was killed by SIGABRT before the function returned"),
        (lambda *_: os.execvp("true", ["true"]), "ended with exit code 0 before the function returned"),
    ],
)
def test_a_process_that_ends_before_the_function_is_a_failure(
    attempted: Attempted, end: Callable[..., object], said: str
) -> None:
    error = attempted.error(end)

    assert error.type == "ProcessDied"
    assert said in error.message


def recurse(*_: object) -> None:
    recurse()


def ask_for_too_much(*_: object) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    pieces = []
    while True:
        pieces.append(b"x" * 2**24)


@pytest.mark.parametrize(
    ("function", "type_"), [(recurse, "RecursionError"), (ask_for_too_much, "MemoryError")]
)
def test_a_function_at_a_limit_is_a_failure_with_its_lines(
    attempted: Attempted, function: Callable[..., object], type_: str
) -> None:
    error = attempted.error(function)

    assert error.type == type_
    assert f"in {function.__name__}" in error.traceback


def test_causes_and_groups_are_in_the_traceback(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        try:
            raise ExceptionGroup("several", [ValueError("one"), KeyError("two")])
        except ExceptionGroup as error:
            raise RuntimeError("in all") from error

    error = attempted.error(function)

    assert (error.type, error.message) == ("RuntimeError", "in all")
    for text in ("ValueError: one", "KeyError: 'two'", "direct cause", "RuntimeError: in all"):
        assert text in error.traceback


def test_a_cause_that_is_hidden_stays_hidden(attempted: Attempted) -> None:
    def function(*_: object) -> None:
        try:
            raise ValueError("hidden")
        except ValueError:
            raise RuntimeError("shown") from None

    assert "hidden" not in attempted.error(function).traceback.replace('ValueError("hidden")', "")


def loop(*_: object) -> None:
    while True:
        pass


def hold_the_interpreter(*_: object) -> None:
    re.match(r"(a+)+$", "a" * 40 + "b")


def stay_in_c(*_: object) -> None:
    sum(range(10**15))


def close_the_output(*_: object) -> None:
    os.close(1)
    os.close(2)
    time.sleep(300)


def stop(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def flood(*_: object) -> None:
    while True:
        print("x" * 1000)


def ignore_signals(*_: object) -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGALRM):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(300)


ENDLESS = [loop, hold_the_interpreter, stay_in_c, close_the_output, stop, flood, ignore_signals]


@pytest.mark.promise("An attempt ends at its deadline, whatever it does.")
@pytest.mark.parametrize("function", ENDLESS)
def test_the_deadline_ends_whatever_the_function_does(
    attempted: Attempted, function: Callable[..., object]
) -> None:
    start = time.monotonic()
    attempt = attempted.make(function, timeout_s=0.5)

    assert time.monotonic() - start < 10
    assert attempt.outcome is Outcome.TIMEOUT
    assert attempt.error
    assert attempt.error.message == "the function was stopped after timeout_s = 0.5 seconds"


def test_a_function_that_takes_the_report_away_is_a_failure_that_says_so(attempted: Attempted) -> None:
    error = attempted.error(lambda *_: os.closerange(3, 1000))

    assert error.type == "ProcessDied"
    assert "Bad file descriptor" in error.traceback


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


def leave_a_thread(*_: object) -> None:
    threading.Thread(target=time.sleep, args=(300,)).start()


def leave_a_pool(*_: object) -> None:
    pool = ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork"))
    assert list(pool.map(abs, [-1, -2])) == [1, 2]
    pool.submit(time.sleep, 300)


def leave_closed_output(*_: object) -> None:
    for number in (0, 1, 2):
        os.close(number)


def leave_an_open_file(_: object, output_dir: Path) -> None:
    (output_dir / "open").open("w").write("x")


LEFT = [leave_a_thread, leave_a_pool, leave_closed_output, leave_an_open_file]


@pytest.mark.parametrize("function", LEFT)
def test_a_function_ends_when_it_returns_whatever_it_leaves(
    attempted: Attempted, function: Callable[..., object]
) -> None:
    start = time.monotonic()

    assert attempted.make(function, timeout_s=100).outcome is Outcome.SUCCESS
    assert time.monotonic() - start < 50


def test_a_function_of_other_arguments_is_refused_before_the_run() -> None:
    body = FunctionBody(lambda: None, "Work.execute", "", None, {}, 1)

    with pytest.raises(BodyError, match=r"Define it as `def execute\(self, inputs, output_dir\):`"):
        body.check()
