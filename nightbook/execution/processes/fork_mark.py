"""A mark in the environment that the system shows of a process and of its forks."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_ENV_START, _ENV_END = 47, 48  # in /proc/PID/stat, counted from the state


@contextmanager
def marked_forks(variable: str, value: str) -> Iterator[None]:
    """Show the variable in ``/proc/PID/environ`` of this process, and of all its forks, in the context.

    The system shows the memory that held the environment when the program of the process started; what is set
    later is elsewhere. A fork has a copy of that memory, whatever its session or parent is, and keeps it when
    it closes all its files. So the mark is written there, over variables that have other places by then.

    Linux only. There is no mark if the place is too small, or already has the variable, from an outer run
    that ends this process. https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html
    """
    entry = os.fsencode(f"{variable}={value}") + b"\0"
    start, size = _place()
    before = ctypes.string_at(start, size) if size >= len(entry) else b""
    if not before or os.fsencode(f"{variable}=") in before:
        yield
        return
    for name, text in os.environ.items():
        os.putenv(name, text)  # a place of its own, for libraries in C that read it
    ctypes.memmove(start, entry, len(entry))
    try:
        yield
    finally:
        ctypes.memmove(start, before, len(entry))


def _place() -> tuple[int, int]:
    """Return where the environment was at the start of the program, and how many bytes; zeros if unknown."""
    try:
        fields = (
            Path("/proc/self/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        )
    except OSError:
        return 0, 0
    start, end = int(fields[_ENV_START]), int(fields[_ENV_END])
    return start, end - start
