"""Checks that a process can still be forked after an import.

The module must not have started a thread, left a file open, printed, or asked whether it runs in a kernel.
"""

import builtins
import importlib
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell

from nightbook.execution.processes.ending import flush_c_streams

_THREADS, _FILES = Path("/proc/self/task"), Path("/proc/self/fd")

_STARTS_THREAD = "starts a thread, which a fork would not have"
_OPENS_FILE = "keeps a file open, which all forks would share"
_ASKS_FOR_KERNEL = "asks for the running kernel, which is not there yet"
_PRINTS = "prints or warns, which belongs to the notebook that imports it"
FORK_UNSAFE_REASONS = (_STARTS_THREAD, _OPENS_FILE, _ASKS_FOR_KERNEL, _PRINTS)

_ASKS_AGAIN = "matplotlib.pyplot"  # asks for the kernel at import, and again with the first figure
_ASKS_ONCE = "pandas.core.config_init"  # asks whether its tables are for a terminal


def check_import(module: str) -> str | None:
    """Import the module; return the reason if this process must not be forked any more, else None."""
    threads, files, printed = _count(_THREADS), _count(_FILES), _printed_bytes()
    with _watch_questions() as askers, _shown_deprecations():
        imported = import_module(module)
    if _count(_THREADS) > threads:
        return _STARTS_THREAD
    if _count(_FILES) > files:
        return _OPENS_FILE
    if imported and _printed_bytes() > printed:
        return _PRINTS
    return _ASKS_FOR_KERNEL if askers else None


def import_module(module: str) -> bool:
    """Import the module; return False if that fails: the notebook that imports it will show why.

    The last part may be a name in a module, such as ``sklearn.svm.SVC``.
    """
    with suppress(Exception, SystemExit):  # some modules end the program where they cannot work
        parent, _, name = module.rpartition(".")
        # A package may have a function named like one of its modules; importing that would replace it.
        if not (parent and hasattr(importlib.import_module(parent), name)):
            importlib.import_module(module)
        return True
    return False


@contextmanager
def _watch_questions() -> Iterator[list[str]]:
    """Yield the names of modules that ask whether they run in a kernel while the context is open.

    In a kernel they would get another answer: `tqdm.auto` and Plotly choose by it how to display things.
    """
    askers: list[str] = []

    def initialized() -> bool:
        asker = _first_outside_ipython(sys._getframe(1))  # noqa: SLF001 documented, though not for all Pythons
        if asker != _ASKS_AGAIN:
            askers.append(asker)
        return False

    def get_ipython() -> object:
        asker = _first_outside_ipython(sys._getframe(1))  # noqa: SLF001 as above
        if asker == _ASKS_ONCE:
            return SimpleNamespace(kernel=None)
        askers.append(asker)
        raise NameError("name 'get_ipython' is not defined")

    with (
        patch.object(InteractiveShell, "initialized", initialized),
        patch.object(builtins, "get_ipython", get_ipython, create=True),
    ):
        yield askers


def _first_outside_ipython(frame: FrameType | None) -> str:
    while frame is not None:
        name = str(frame.f_globals.get("__name__"))
        if name.partition(".")[0] != "IPython":
            return name
        frame = frame.f_back
    return ""


@contextmanager
def _shown_deprecations() -> Iterator[None]:
    """Show deprecations of which a module warns who imports it: notebooks show them, programs do not."""
    filters: list[Any] = warnings.filters  # type: ignore[assignment]  # typed as a sequence, it is this list
    warnings.filterwarnings("default", category=DeprecationWarning, module=importlib.__name__)
    shown = filters[0]
    try:
        yield
    finally:
        filters[:] = [known for known in filters if known is not shown]


def _printed_bytes() -> int:
    """Return how much this process has printed: while it imports, its standard streams are files."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    flush_c_streams()
    return sum(os.fstat(stream).st_size for stream in (1, 2))


def _count(folder: Path) -> int:
    return len(list(folder.iterdir()))
