"""Ctrl-C and SIGTERM, which end the main process the first time they come."""

import os
import signal
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

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
    sys.unraisablehook = partial(_say_unless_interrupted, sys.unraisablehook)


def raise_if_interrupted() -> None:
    """Raise KeyboardInterrupt if a signal has come whose exception was lost.

    Python drops an exception that is raised while an object is deleted or a process is forked, and Luigi
    drops those in event handlers.
    """
    if _received:
        raise KeyboardInterrupt


def _say_unless_interrupted(
    say: Callable[["UnraisableHookArgs"], object], lost: "UnraisableHookArgs"
) -> None:
    """Print nothing of an exception that is lost, if it is raised again."""
    if not (_received and isinstance(lost.exc_value, KeyboardInterrupt)):
        say(lost)


def _interrupt(main_process: int, signal_number: int, _frame: object) -> None:
    if os.getpid() != main_process:
        os._exit(INTERRUPTED)  # a task's process that has just been forked
    _received.append(signal_number)
    raise KeyboardInterrupt
