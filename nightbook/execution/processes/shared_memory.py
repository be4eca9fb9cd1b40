"""Sharing memory between a process and its forks."""

import ctypes
import gc
import sys


def share_with_forks() -> None:
    """Let the next forks share as much of this process's memory as possible.

    Their garbage collectors leave the present objects alone, and free memory is returned to the system: a
    fork that used it would have to copy it first. https://man7.org/linux/man-pages/man3/malloc_trim.3.html
    """
    gc.freeze()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc's own; musl has none
        if trim is not None:
            trim(0)
