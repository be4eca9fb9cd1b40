"""Stops at the steps of an attempt, between its claim and its end: a pipeline of a test sets them.

The product knows nothing of them. A pipeline's module calls ``arm``, in the main process; the processes of
attempts are its forks, and have what it has replaced.
"""

import importlib
import os
import signal
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any

_RECORDER = "nightbook.record.write.attempt_recorder"
_ATTEMPT = "nightbook.execution.attempt"
_SESSION = "nightbook.execution.notebook.kernel_session"
_RUNNER = "nightbook.execution.notebook.runner"

STEPS = {
    "claimed": (_ATTEMPT, "record_attempt", "before"),
    "first-span": (_RECORDER, "write_event", "after"),
    "folder-made": (_ATTEMPT, "put_aside", "after"),
    "executed": (_ATTEMPT, "_execute", "after"),
    "published": (_ATTEMPT, "publish", "after"),
    "checked": (_ATTEMPT, "_checked", "after"),
    "ending": (_RECORDER, "_write_end", "before"),
    "ended": (_RECORDER, "_write_end", "after"),
}
IN_KERNEL = {
    "kernel-started": (_SESSION, "KernelSession", "after"),
    "cell-executed": (_RUNNER, "Cell", "after"),
    "cells-recorded": (_SESSION, "end_kernel", "before"),
}
"""A step by name: the module and the function, and whether the process stops before or after it."""

_task = ""  # the task of this process's attempt


def arm(marks: Path, victim: str) -> None:
    """Kill an attempt's process (``task``), or the main process with it, at the step that its id names.

    Each step is one time only: the folder ``marks`` gets a file for it.
    """
    _replace("nightbook.execution.engines.base", "make_attempt", _remembered)
    for step, (module, name, when) in (STEPS | IN_KERNEL).items():
        _replace(module, name, partial(_stopping, step, when, marks / step, victim))


def _replace(module: str, name: str, wrap: Callable[[Any], Any]) -> None:
    found = importlib.import_module(module)
    setattr(found, name, wrap(getattr(found, name)))


def _remembered(make_attempt: Any) -> Any:
    @wraps(make_attempt)
    def make(job: Any, on_progress: Any) -> None:
        global _task  # noqa: PLW0603 a process makes one attempt
        _task = job.folder.task_id
        make_attempt(job, on_progress)

    return make


def _stopping(step: str, when: str, mark: Path, victim: str, function: Any) -> Any:
    def stop() -> None:
        if _task.endswith(f"step={step}") and not mark.exists():
            mark.touch()
            if victim == "main":
                os.kill(os.getppid(), signal.SIGKILL)
            os.kill(os.getpid(), signal.SIGKILL)

    @wraps(function)
    def stopping(*arguments: Any, **options: Any) -> Any:
        if when == "before":
            stop()
        result = function(*arguments, **options)
        if when == "after":
            stop()
        return result

    return stopping
