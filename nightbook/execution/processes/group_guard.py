"""Killing a process group when the process that supervises it dies."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

_WAIT_AND_KILL = 'read -r _; kill -s KILL -- "-$1"'


@contextmanager
def guarded_group(group: int) -> Iterator[None]:
    """Kill the group if this process dies, even by kill -9, while the context is open.

    The system kills a child with its parent, but not the child's own children. The reaper finds those at the
    end of the run by their environment, which a forked process does not show: a shell that waits for our end,
    at a pipe that only we hold open, kills them at once.
    """
    reader, writer = os.pipe()
    guard = subprocess.Popen(  # noqa: S603 our own command
        ["/bin/sh", "-c", _WAIT_AND_KILL, "sh", str(group)],
        stdin=reader,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(reader)
    try:
        yield
    finally:
        guard.kill()  # first, because the group's number may belong to others soon
        guard.wait()
        os.close(writer)
