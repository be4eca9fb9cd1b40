"""The process of a function: a fork in which nothing of the attempt's own process is in its way."""

import gc
import json
import logging
import os
import random
import signal
import sys
import traceback
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import BinaryIO, NoReturn

from nightbook.execution.function.exceptions import describe
from nightbook.execution.function.unstarted import check_returned
from nightbook.execution.processes.ending import (
    GRACE_AFTER_FAILURE_S,
    GRACE_S,
    completed_files,
    forget_exit_hooks,
    killed_notice,
    run_exit_hooks,
)
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.execution.processes.programs import program_path
from nightbook.execution.processes.threads import thread_variables
from nightbook.record.format.model import Error
from nightbook.record.write.attempt_context import active_attempt

Call = Callable[[], object]

_to_json = json.JSONEncoder().encode  # a function may patch `json.dumps`


def fork_function(
    call: Call, output: int, name: str, report: BinaryIO, environment: Mapping[str, str], num_cpus: int
) -> int:
    """Fork a process that calls the function and reports how that ended; return its id.

    ``name`` is the function's for messages.
    """
    parent = os.getpid()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if not child:
        _become_function(call, output, name, report, environment, num_cpus, parent)
    return child


def read_report(report: BinaryIO) -> "Error | Returned | None":
    """Return what the function's process reported; None if it ended before."""
    report.seek(0)
    try:
        content = json.loads(report.read())
    except ValueError:
        return None
    return Error(**content) if content else Returned()


class Returned:
    """The function has returned."""


def _become_function(
    call: Call,
    output: int,
    name: str,
    report: BinaryIO,
    environment: Mapping[str, str],
    num_cpus: int,
    parent: int,
) -> NoReturn:
    status = 1
    try:
        os.setsid()
        die_with_parent(parent)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        _redirect(output)
        os.environ.update({**program_path(os.environ), **thread_variables(num_cpus), **environment})
        active_attempt.cache_clear()  # it may have been asked in the worker, which is part of no attempt
        _reseed()
        _bound_loaded_libraries(num_cpus)
        forget_exit_hooks()  # what the worker registered for its own exit is not this process's to do
        gc.freeze()
        leader = os.getpid()
        error = _call(call, name)
        _flush()
        if os.getpid() == leader:  # not a fork that the function made and let return
            report.write(_to_json(error).encode())
            report.flush()
            status = 0
            _complete(GRACE_S if error is None else GRACE_AFTER_FAILURE_S)
    except BaseException:  # noqa: BLE001 the function may have closed or replaced anything
        traceback.print_exc()
    finally:
        os._exit(status)


def _complete(grace_s: float) -> None:
    """Wait for threads, run exit hooks and complete files, as Python does at the end, but not for ever."""
    signal.signal(signal.SIGALRM, lambda *_: _give_up(grace_s))  # a thread may find no memory to start
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})
    signal.setitimer(signal.ITIMER_REAL, grace_s)
    run_exit_hooks()
    with completed_files():
        gc.collect()
    _flush()


def _give_up(grace_s: float) -> NoReturn:
    os.write(2, killed_notice("the function's process", grace_s, "the function").encode())
    os._exit(0)


def _call(call: Call, name: str) -> dict[str, str] | None:
    """Call the function; return its error, or None. No exception leaves this process."""
    try:
        check_returned(call(), name)
    except BaseException as exception:  # noqa: BLE001 also SystemExit: the function did not reach its end
        return describe(exception, skipped_frames=1)
    return None


def _redirect(output: int) -> None:
    """Make the descriptor the output of this process, its logging, and all processes that it starts."""
    empty = os.open(os.devnull, os.O_RDONLY)
    old = (sys.stdout, sys.stderr, sys.__stdout__, sys.__stderr__)
    for number, descriptor in enumerate((empty, output, output)):
        os.dup2(descriptor, number)
    sys.stdin = open(0, closefd=False, encoding="utf-8")  # noqa: SIM115 for good
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream = open(  # noqa: SIM115 for good
            number, "w", buffering=1, closefd=False, encoding="utf-8", errors="backslashreplace"
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler) and handler.stream in old:
            handler.setStream(sys.stderr)


def _reseed() -> None:
    """Seed the generators whose state all forks would share."""
    random.seed()
    if "numpy.random" in sys.modules:
        sys.modules["numpy.random"].seed()


def _bound_loaded_libraries(num_cpus: int) -> None:
    """Bound the threads of libraries that the pipeline's module has loaded already, with their own number."""
    if "numpy" in sys.modules:
        import threadpoolctl  # noqa: PLC0415 looks through all loaded libraries

        threadpoolctl.threadpool_limits(num_cpus)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(Exception):
            stream.flush()
