"""Memory that a process shares with what it forks."""

import ctypes
import gc
import sys


def share_with_forks() -> None:
    """Let what is forked next share as much as it can of what is in memory now.

    The forks' collectors leave these pages alone, and what is free in them is given back: a fork that
    used it would have to copy it first. https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    gc.freeze()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, others need not
        if trim is not None:
            trim(0)
