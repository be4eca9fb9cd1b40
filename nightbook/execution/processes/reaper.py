"""Ending every process of a run when the run ends, even after kill -9 and even a notebook's own children."""

import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import NoReturn

from nightbook.execution.processes.fork_mark import marked_forks
from nightbook.execution.processes.orphans import no_orphans

VARIABLE = "NIGHTBOOK_REAPER"
_open_pipes: set[int] = set()


@contextmanager
def reaped_processes() -> Iterator[None]:
    """Kill all processes started in the context when the context, or this process, ends.

    They are recognized by a variable in their environment, so a process with its own session is found
    too. One that has emptied its environment as well is a descendant of this process, which adopts orphans
    meanwhile; only kill -9 of this process lets it live.

    A forked child, the reaper, waits for our end: it reads from a pipe that only we hold open. Every fork
    closes it at once: the run would not end before a daemon that had it.
    """
    with no_orphans(), _reaper():
        yield


@contextmanager
def _reaper() -> Iterator[None]:
    mark = uuid.uuid4().hex
    os.environ[VARIABLE] = mark
    reader, writer = os.pipe()
    reaper = os.fork()
    if reaper == 0:
        os.close(writer)
        _wait_and_reap(reader, mark)
    os.close(reader)
    _open_pipes.add(writer)
    _close_pipes_in_forks()
    try:
        with marked_forks(VARIABLE, mark):
            yield
    finally:
        del os.environ[VARIABLE]
        _open_pipes.remove(writer)
        os.close(writer)
        os.waitpid(reaper, 0)


def temporary_prefix() -> str:
    """Return a prefix for names of temporary files: the reaper removes the files that have it."""
    return f"nightbook-{os.environ.get(VARIABLE, '')}-"


def _wait_and_reap(reader: int, mark: str) -> NoReturn:
    """Replace this process by a shell, which waits in less memory than Python's 9 MB and then starts it."""
    try:
        os.setsid()  # neither Ctrl-C nor a closed terminal reaches the reaper
        os.dup2(reader, 0)
        arguments = [VARIABLE, mark, temporary_prefix()]
        reap = [sys.executable, "-m", f"{__package__}.reap_orphans", *arguments]
        unmarked = {name: value for name, value in os.environ.items() if name != VARIABLE}
        os.execve("/bin/sh", ["sh", "-c", 'read -r _; exec "$@"', "sh", *reap], unmarked)  # noqa: S606 our own command
    finally:
        os._exit(1)


@cache
def _close_pipes_in_forks() -> None:
    os.register_at_fork(after_in_child=_close_pipes)


def _close_pipes() -> None:
    for writer in _open_pipes:
        os.close(writer)
    _open_pipes.clear()
