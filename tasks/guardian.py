"""No process of a run outlives it, not even what a notebook has started, not even after kill -9."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

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
        from tasks.leftovers import kill_marked, remove_files  # noqa: PLC0415 the run need not wait for it

        os.read(reader, 1)
        kill_marked(VARIABLE, mark)
        remove_files(private_prefix())
    finally:
        os._exit(0)
