"""Ending a process as Python ends one, without taking the interpreter apart.

A fork would copy all the memory that it shares, only to free it.
"""

import atexit
import bz2
import ctypes
import gc
import gzip
import io
import logging
import lzma
import multiprocessing.util
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

GRACE_S = 10.0  # in which a process ends by itself: threads are joined and exit hooks run
GRACE_AFTER_FAILURE_S = 1.0

_IN_C = (io.TextIOWrapper, io.BufferedWriter, io.BufferedRandom)
_COMPRESSED = (gzip.GzipFile, bz2.BZ2File, lzma.LZMAFile)
_FILES = frozenset(map(id, (*_IN_C, *_COMPRESSED)))


def killed_notice(process: str, grace_s: float, last: str) -> str:
    """Return what a reader of the output is told of a process that did not end after its ``last`` act."""
    return (
        f"[nightbook: {process} was killed, because it had not ended {grace_s:g} seconds after {last}: "
        "threads, child processes or exit hooks still ran]\n"
    )


def run_exit_hooks() -> None:
    """Wait for the threads that are no daemons, then call what was registered with ``atexit``."""
    threading._shutdown()  # type: ignore[attr-defined]  # noqa: SLF001 as multiprocessing does in its forks
    atexit._run_exitfuncs()  # noqa: SLF001 as above


def run_librarys_hooks() -> None:
    """Run the exit hooks of the standard library, for a process that ends before Python would run them."""
    weakref.finalize._exitfunc()  # type: ignore[attr-defined]  # noqa: SLF001 no other way
    multiprocessing.util._exit_function()  # type: ignore[attr-defined]  # noqa: SLF001 as above
    logging.shutdown()


def forget_exit_hooks() -> None:
    """Have this fork run only what is registered from now on, and what the standard library needs."""
    atexit._clear()  # noqa: SLF001 as multiprocessing does
    for finalizer in list(weakref.finalize._registry):  # type: ignore[attr-defined]  # noqa: SLF001 no other way
        finalizer.atexit = False
    atexit.register(weakref.finalize._exitfunc)  # type: ignore[attr-defined]  # noqa: SLF001 as above
    atexit.register(logging.shutdown)
    multiprocessing.process._children.clear()  # type: ignore[attr-defined]  # noqa: SLF001 as in its forks
    multiprocessing.util._finalizer_registry.clear()  # type: ignore[attr-defined]  # noqa: SLF001 as in its forks
    atexit.register(multiprocessing.util._exit_function)  # type: ignore[attr-defined]  # noqa: SLF001 as above


@contextmanager
def completed_files() -> Iterator[None]:
    """Complete the files that are open, before and after what the context deletes.

    Before, because Python may close a file in a cycle without writing what is in its buffer. Files that were
    open when the garbage collector was frozen are left alone: their buffers belong to another process.
    """
    objects = gc.get_objects()
    types = dict(zip(map(id, map(type, objects)), map(type, objects), strict=True))  # not all have a hash
    kinds = {number for number, kind in types.items() if not _FILES.isdisjoint(map(id, kind.__mro__))}
    files = [found for found in objects if id(type(found)) in kinds]
    del objects  # they would all live until the end
    _flush(files)
    yield
    for file in files:
        if isinstance(file, _COMPRESSED):
            with suppress(Exception):
                file.close()  # its last bytes are written only then
    _flush(files)
    flush_c_streams()


def flush_c_streams() -> None:
    """Write what C and C++ code has in its own buffers."""
    ctypes.CDLL(None).fflush(None)


def _flush(files: list[Any]) -> None:
    for kind in _IN_C:  # a text's buffer is emptied into that of its bytes
        for file in files:
            if isinstance(file, kind) and not file.closed:
                with suppress(Exception):
                    file.flush()
