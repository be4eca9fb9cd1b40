"""No process of a run outlives it, not even what a notebook has started, not even after kill -9."""

import os
import signal
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import psutil

_MAX_ROUNDS = 20
VARIABLE = "NIGHTBOOK_GUARDED"


@contextmanager
def guarded_processes() -> Iterator[None]:
    """Kill, when the context or this process ends, all that was started in between and lives on.

    A process is known by a variable in its environment, so one that has a session of its own is
    found too. A child of ours waits for our end, which it sees as the end of a pipe.
    """
    mark = uuid.uuid4().hex
    os.environ[VARIABLE] = mark
    reader, writer = os.pipe()
    guardian = os.fork()
    if guardian == 0:
        os.close(writer)
        _guard(reader, mark)
    os.close(reader)
    try:
        yield
    finally:
        del os.environ[VARIABLE]
        os.close(writer)
        os.waitpid(guardian, 0)


def private_prefix() -> str:
    """How names of temporary files start that are removed when the guarded processes end."""
    return f"nightbook-{os.environ.get(VARIABLE, '')}-"


def _guard(reader: int, mark: str) -> NoReturn:
    try:
        os.setsid()  # Ctrl-C and a closed terminal are not for us
        os.read(reader, 1)
        _kill_marked(mark)
        for file in Path(tempfile.gettempdir()).glob(f"nightbook-{mark}-*"):
            file.unlink(missing_ok=True)
    finally:
        os._exit(0)


def _kill_marked(mark: str) -> None:
    """Kill until none is found: one that was just being started may have been missed."""
    for _ in range(_MAX_ROUNDS):
        marked = [process for process in psutil.process_iter() if _mark_of(process) == mark]
        if not marked:
            return
        for process in marked:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(marked, timeout=0.1)


def _mark_of(process: psutil.Process) -> str | None:
    try:
        found: str | None = process.environ().get(VARIABLE)
    except psutil.Error:
        return None
    return found
