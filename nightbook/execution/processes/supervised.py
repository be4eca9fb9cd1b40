"""Supervising a child process: its output, its deadline, and the end of all that it has started.

Nothing here starts a thread: a process with threads should not fork, and functions run in forks.
"""

import os
import select
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from nightbook.execution.processes.exit_code import describe_exit
from nightbook.execution.processes.group_guard import guarded_group
from nightbook.execution.processes.orphans import no_orphans
from nightbook.execution.processes.output_log import OutputLog

_CHUNK_BYTES = 65536
_POLL_S = 0.02

Start: TypeAlias = Callable[[int], int]
"""Starts a child as the leader of a session of its own, with a descriptor for its output; returns its id."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How a process ended: its exit code, negative for a signal, and whether its time was over."""

    exit_code: int
    expired: bool

    @property
    def description(self) -> str:
        """The end in words, as the continuation of a sentence."""
        return describe_exit(self.exit_code)


def supervise(start: Start, *, log: Path, max_output_bytes: int, timeout_s: float) -> Ending:
    """Start a child and return how it ended; what it and its own children write goes to ``log``.

    It is killed with SIGKILL when the time is over, because it may ignore every other signal or hold the
    interpreter in one long call. What it has started is killed after its end, however it ended.
    """
    end_s = time.monotonic() + timeout_s
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    try:
        with OutputLog(log, max_output_bytes) as output, no_orphans():
            try:
                child = start(writer)
            finally:
                os.close(writer)
            with guarded_group(child):
                try:
                    expired = _follow(child, reader, output, end_s)
                finally:
                    code = _end(child)
                _drain(reader, output)
    finally:
        os.close(reader)
    return Ending(code, expired)


def _follow(child: int, reader: int, output: OutputLog, end_s: float) -> bool:
    """Copy the child's output until it ends; return True if its time was over before."""
    poll = select.poll()  # `select` itself fails for descriptors from 1024 on
    poll.register(reader, select.POLLIN)
    is_open = True
    while not _has_ended(child):
        if time.monotonic() >= end_s:
            return True
        if not is_open:
            time.sleep(_POLL_S)  # it has closed its output, or is just ending
        elif poll.poll(_POLL_S * 1000):
            is_open = _copy(reader, output)
    return False


def _has_ended(child: int) -> bool:
    """Return True if the child has ended. It stays a zombie, so that no other process gets its number."""
    return os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end(child: int) -> int:
    """Kill what is left of the child's group; return the child's exit code."""
    with suppress(ProcessLookupError, PermissionError):  # macOS forbids it for a group of zombies
        os.killpg(child, signal.SIGKILL)
    with suppress(ProcessLookupError):  # it may not have become the leader of a group yet
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _copy(reader: int, output: OutputLog) -> bool:
    """Copy a piece of output; return False at its end."""
    data = os.read(reader, _CHUNK_BYTES)
    output.write(data)
    return bool(data)


def _drain(reader: int, output: OutputLog) -> None:
    """Copy what the pipe still holds. A process outside the group may keep it open: nobody waits for that."""
    end_s = time.monotonic() + 1
    with suppress(BlockingIOError):
        while time.monotonic() < end_s and _copy(reader, output):
            pass
