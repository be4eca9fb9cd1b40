"""Importing modules in the warm process, whose forks must be as good as fresh processes."""

import os
import sys
from collections.abc import Iterator, Sequence

from nightbook.execution.warm_kernels.fork_safety import FORK_UNSAFE_REASONS, check_import, import_module

# What a kernel imports while it starts.
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

# After those: they take names from them.
_OWN_MODULES = (
    "nightbook.execution.kernel.kernel",
    "nightbook.execution.kernel.stream",
    "nightbook.execution.warm_kernels.kernel_app",
)

_DEBUGGER = "debugpy"
_CRASHES = "ends the process that imports it"


class ForkUnsafeError(Exception):
    """An import after which this process must not be forked any more."""

    def __init__(self, module: str, reason: str) -> None:
        super().__init__(f"{module} {reason}")
        self.module, self.reason = module, reason


def import_kernel_modules() -> None:
    """Import the modules that a kernel needs, without its debugger, which no client attaches to here.

    The debugger is 140 modules. ipykernel does without it where debugpy is not installed.
    """
    sys.modules[_DEBUGGER] = None  # type: ignore[assignment]  # Python's sign for a missing module
    try:
        for module in KERNEL_MODULES:
            import_module(module)
        for module in _OWN_MODULES:
            import_module(module)
    finally:
        del sys.modules[_DEBUGGER]


def import_modules(modules: Sequence[str], fork_unsafe: dict[str, str]) -> Iterator[str]:
    """Import the modules in order, yielding each when it is done.

    Raise ForkUnsafeError at the first that only a kernel may import.

    ``fork_unsafe`` maps such modules to the reason. If it already has one, the modules that follow it are
    tried in a child process before they are imported, and more fork-unsafe modules are added instead of
    raised. Modules of the same package as one of them are left out untried.
    """
    known = min((modules.index(module) for module in fork_unsafe), default=len(modules))
    for module in modules[:known]:
        reason = check_import(module)
        if reason:
            raise ForkUnsafeError(module, reason)
        yield module
    for module in modules[known:]:
        if _package(module) not in map(_package, fork_unsafe):
            reason = _try_in_child(module)
            if reason:
                fork_unsafe[module] = reason
            else:
                import_module(module)
        yield module


def _package(module: str) -> str:
    return module.partition(".")[0]


def _try_in_child(module: str) -> str | None:
    """Return the reason why only a kernel may import the module, or None if this process may."""
    if module in sys.modules:
        return None
    child = os.fork()
    if child == 0:
        status = -1
        try:
            reason = check_import(module)
            status = FORK_UNSAFE_REASONS.index(reason) + 1 if reason else 0
        finally:
            os._exit(status)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if status == 0:
        return None
    return dict(enumerate(FORK_UNSAFE_REASONS, start=1)).get(status, _CRASHES)
