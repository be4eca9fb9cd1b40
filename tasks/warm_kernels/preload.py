"""Importing what notebooks import, in a process whose forks must be as good as fresh ones."""

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from unittest.mock import patch

from IPython.core.interactiveshell import InteractiveShell

# What a kernel imports itself while it starts.
KERNEL_MODULES = (
    "ipykernel.ipkernel",
    "ipykernel.kernelapp",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "IPython.utils.wildcard",
    "faulthandler",
    "tornado.platform.asyncio",
)

STARTS_THREAD = "starts a thread, which a fork would be without"
ASKS_FOR_KERNEL = "looks for the kernel, which is not there yet"
_LOOKS_AGAIN = "matplotlib.pyplot"  # asks for the kernel when it is imported, and with the first figure too


def import_modules(modules: Sequence[str]) -> dict[str, str]:
    """Import the modules, those that there are; returns those that only a kernel may import, and why.

    A name in another module, `sklearn.svm.SVC`, may stand among them: it may have been a module. What a
    module raises is not told here: the notebook that imports it will tell.
    """
    unfit = {}
    threads = _count_threads()
    for module in modules:
        with _watched_kernel() as askers:
            _import(module)
        if askers:
            unfit[module] = ASKS_FOR_KERNEL
        if _count_threads() > threads:
            threads = _count_threads()
            unfit[module] = STARTS_THREAD
    return unfit


def _import(module: str) -> None:
    with suppress(Exception, SystemExit):  # some end the program where they cannot work
        importlib.import_module(module)


@contextmanager
def _watched_kernel() -> Iterator[list[str]]:
    """The names of modules that ask whether they run in a kernel while the context is open.

    They would get another answer in a kernel: `tqdm.auto` and Plotly choose how they show things so.
    """
    askers: list[str] = []

    def initialized() -> bool:
        asker = _first_outside_ipython(sys._getframe(1))  # noqa: SLF001 documented, if for some Pythons only
        if asker != _LOOKS_AGAIN:
            askers.append(asker)
        return False

    with patch.object(InteractiveShell, "initialized", initialized):
        yield askers


def _first_outside_ipython(frame: FrameType | None) -> str:
    while frame is not None:
        name = str(frame.f_globals.get("__name__"))
        if name.partition(".")[0] != "IPython":
            return name
        frame = frame.f_back
    return ""


def _count_threads() -> int:
    return len(list(Path("/proc/self/task").iterdir()))
