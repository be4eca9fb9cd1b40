"""What a process prints, on its standard streams and those of its children, kept in a file."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from nightbook.execution.processes.output_log import OutputLog

_CHUNK_BYTES = 65_536
_STREAMS = (1, 2)


@contextmanager
def printed_to(file: Path, max_bytes: int) -> Iterator[None]:
    """Add what is printed while the context is open to the file, of which ``max_bytes`` are kept.

    Another process writes the file, so that this one can be killed or print from C code, while it holds
    Python's lock, without a loss or a deadlock.
    """
    _flush()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(writer)
            _copy(reader, file, max_bytes)
        finally:
            os._exit(0)
    os.close(reader)
    before = [os.dup(stream) for stream in _STREAMS]
    for stream in _STREAMS:
        os.dup2(writer, stream)
    os.close(writer)
    try:
        yield
    finally:
        _flush()
        for stream, old in zip(_STREAMS, before, strict=True):
            os.dup2(old, stream)
            os.close(old)
        _wait(child)


def _wait(child: int) -> None:
    """Wait for the copy, but not for a process that the task has left behind with its streams."""
    end = time.monotonic() + 1
    while os.waitpid(child, os.WNOHANG) == (0, 0) and time.monotonic() < end:
        time.sleep(0.002)


def _copy(reader: int, file: Path, max_bytes: int) -> None:
    """Read to the end; what is not kept is read too, or the printing process would wait for ever."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with OutputLog(file, max_bytes) as log:
        while chunk := os.read(reader, _CHUNK_BYTES):
            with suppress(OSError):  # such as a full disk
                log.write(chunk)


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
