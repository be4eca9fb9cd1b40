"""Ending what a process has started and left behind, wherever it has gone."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil

_PR_SET_CHILD_SUBREAPER = 36


@contextmanager
def no_orphans() -> Iterator[None]:
    """Kill all processes that were started in the context, and still live, when it closes.

    A daemon leaves the group and the session, and its parent ends. The system then gives it to the next
    ancestor that adopts orphans, which this process does in the context.
    Linux only. https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html
    """
    this = psutil.Process()
    before = set(this.children(recursive=True))
    _adopt_orphans(wanted=True)
    try:
        yield
    finally:
        # A process may start another one while it is looked for.
        while started := [one for one in this.children(recursive=True) if one not in before and _lives(one)]:
            for process in started:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            psutil.wait_procs(started, timeout=1)
        _adopt_orphans(wanted=False)


def _adopt_orphans(*, wanted: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(wanted), 0, 0, 0)


def _lives(process: psutil.Process) -> bool:
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False
