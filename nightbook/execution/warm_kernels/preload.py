"""Importing what notebooks import, in a process whose forks must be as good as fresh ones."""

import builtins
import importlib
import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, SimpleNamespace
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
    "nightbook.execution.warm_kernels.kernel_app",
)

_DEBUGGER = "debugpy"
_THREADS, _FILES = "/proc/self/task", "/proc/self/fd"  # of a process, as folders

STARTS_THREAD = "starts a thread, which a fork would be without"
OPENS_FILE = "keeps a file open, which all forks would share"
ASKS_FOR_KERNEL = "looks for the kernel, which is not there yet"
_LOOKS_AGAIN = "matplotlib.pyplot"  # asks for the kernel when it is imported, and with the first figure too
_LOOKS_ONCE = "pandas.core.config_init"  # to know whether its tables are for a terminal


class Warming:
    """Modules that are imported one by one, those first that somebody waits for.

    ``unfit`` are those imported that only a kernel may import, and why.
    """

    def __init__(self, modules: Iterable[str]) -> None:
        self._pending = list(dict.fromkeys(modules))
        self._names: frozenset[str] = frozenset()
        self.unfit: dict[str, str] = {}

    @property
    def done(self) -> bool:
        """Whether all has been imported."""
        return not self._pending

    def module_names(self) -> frozenset[str]:
        """The names of all modules; the same object until there is one more, so that forks share it."""
        if len(self._names) != len(sys.modules):
            self._names = frozenset(sys.modules)
        return self._names

    def first_of(self, needed: Collection[str]) -> str | None:
        """The first of these modules that has not been imported; None if all have been."""
        return next((module for module in self._pending if module in needed), None)

    def import_one(self, module: str | None = None) -> None:
        """Import the module, or without one the next."""
        module = module or self._pending[0]
        self._pending.remove(module)
        reason = import_module(module)
        if reason:
            self.unfit[module] = reason

    def import_rest(self) -> None:
        """Import all that has not been imported."""
        while not self.done:
            self.import_one()


def import_kernel_modules() -> None:
    """Import what a kernel needs, without the debugger, which nobody attaches to a pipeline's kernel.

    It is 140 modules. ipykernel does without it where debugpy is not installed.
    """
    sys.modules[_DEBUGGER] = None  # type: ignore[assignment]  # how Python is told that there is none
    try:
        for module in KERNEL_MODULES:
            _import(module)
    finally:
        del sys.modules[_DEBUGGER]


def import_module(module: str) -> str | None:
    """Import the module, if it is there; returns why only a kernel may, if that is so.

    A name in another module, `sklearn.svm.SVC`, may stand for one: it may have been a module. What a
    module raises is not told here: the notebook that imports it will tell.
    """
    threads, files = _count(_THREADS), _count(_FILES)
    with _watched_kernel() as askers:
        _import(module)
    if _count(_THREADS) > threads:
        return STARTS_THREAD
    if _count(_FILES) > files:
        return OPENS_FILE
    return ASKS_FOR_KERNEL if askers else None


def _import(module: str) -> None:
    with suppress(Exception, SystemExit):  # some end the program where they cannot work
        parent, _, name = module.rpartition(".")
        # What a package calls so need not be its module of that name, which would take the other's place.
        if not (parent and hasattr(importlib.import_module(parent), name)):
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

    def get_ipython() -> object:
        asker = _first_outside_ipython(sys._getframe(1))  # noqa: SLF001 as above
        if asker == _LOOKS_ONCE:
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


def _count(folder: str) -> int:
    return len(list(Path(folder).iterdir()))
