"""Ctrl-C and SIGTERM, which end the main process the first time they come."""

import os
import signal
from functools import partial

INTERRUPTED = 130  # the exit code after Ctrl-C, as shells have it
_received: list[int] = []


def handle_interruptions() -> None:
    """Raise KeyboardInterrupt in this process at SIGINT and SIGTERM; a fork of it ends with INTERRUPTED.

    SIGTERM stops containers. SIGINT stays ignored in a job that a shell has put in the background.
    """
    handler = partial(_interrupt, os.getpid())
    signal.signal(signal.SIGTERM, handler)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, handler)


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt if a signal has come whose exception was lost.

    Python drops an exception that is raised while an object is deleted or a process is forked, and Luigi
    drops those in event handlers.
    """
    if _received:
        raise KeyboardInterrupt


def _interrupt(main_process: int, signal_number: int, _frame: object) -> None:
    if os.getpid() != main_process:
        os._exit(INTERRUPTED)  # a task's process that has just been forked
    _received.append(signal_number)
    raise KeyboardInterrupt
