"""No process of a run outlives it, not even what a notebook has started, not even after kill -9."""

import os
import sys
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
    """Let a shell wait in place of this process, which would keep 9 MB of memory; then Python comes back."""
    try:
        os.setsid()  # Ctrl-C and a closed terminal are not for us
        os.dup2(reader, 0)
        clean_up = [
            sys.executable,
            "-m",
            "nightbook.execution.processes.reap_orphans",
            VARIABLE,
            mark,
            private_prefix(),
        ]
        own = {name: value for name, value in os.environ.items() if name != VARIABLE}
        os.execve("/bin/sh", ["sh", "-c", 'read -r _; exec "$@"', "sh", *clean_up], own)  # noqa: S606 ourselves
    finally:
        os._exit(1)
