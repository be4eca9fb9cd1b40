"""The processes of a command that runs notebooks. They start first, and warm up during slow imports."""

import logging
import multiprocessing
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from nightbook.execution.processes.interruption import handle_interruptions
from nightbook.execution.processes.reaper import reaped_processes
from nightbook.execution.warm_kernels.process import WarmProcess, warm_process

if TYPE_CHECKING:
    from nightbook.settings import Settings


@contextmanager
def kernel_processes() -> Iterator[WarmProcess | None]:
    """Start the warm process, and let no process outlive this one.

    The warm process imports what kernels need while this process imports what it needs itself.
    """
    with ExitStack() as stack:
        stack.enter_context(reaped_processes())
        yield stack.enter_context(warm_process())


def preload(warm: WarmProcess | None, chosen: "Settings") -> None:
    """Name the modules that the warm process imports; stop it if kernels are to start afresh."""
    if warm is None:
        return
    from nightbook.execution.notebook.preloading import find_preload

    modules = find_preload(chosen)
    if modules is None:
        warm.stop()
    else:
        warm.preload(modules)


def prepare_process() -> None:
    """Let Luigi fork its task processes, and treat SIGTERM, which stops containers, like Ctrl-C."""
    multiprocessing.set_start_method("fork", force=True)
    # What Luigi logs before its own log is open would be printed, such as that a path has wildcards: it takes
    # the `[` in the id of a task for one.
    logging.getLogger("luigi-interface").addHandler(logging.NullHandler())
    handle_interruptions()
