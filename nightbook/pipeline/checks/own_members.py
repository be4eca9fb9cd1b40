"""What a forker's class says of its tasks, tried once before the run: any of it may raise anything."""

from collections.abc import Callable, Mapping
from typing import Any

import luigi
from luigi.task import flatten

from nightbook.pipeline.code.entry_point import describe_raised


def find_fault(task: luigi.Task) -> str:
    """Return what cannot be asked of the task, such as ``Clean.output() fails with ValueError: ...``.

    It is the first of the faults, as the others may follow from it; an empty string if there is none.
    """
    for name, ask in _ASKED.items():
        try:
            problem = ask(task)
        except Exception as error:  # noqa: BLE001 see above
            problem = f"fails with {describe_raised(error)}: correct it"
        if problem:
            return f"{type(task).__name__}.{name} {problem}"
    return ""


def _output(task: luigi.Task) -> str:
    for target in flatten(task.output()):
        if not isinstance(target, luigi.Target):
            return f"gives {target!r:.80}, which is no target: write luigi.LocalTarget({target!r:.80})"
    return ""


def _complete(task: luigi.Task) -> str:
    task.complete()
    return ""


def _command(task: Any) -> str:
    if hasattr(type(task), "command"):
        _ = task.command
    return ""


def _priority(task: luigi.Task) -> str:
    priority: object = task.priority
    if isinstance(priority, int | float) and not isinstance(priority, bool):
        return ""
    return f"is {priority!r:.80}: set a number, the higher the earlier"


def _resources(task: luigi.Task) -> str:
    amounts: object = task.process_resources()
    return "" if isinstance(amounts, Mapping) else f"is {amounts!r:.80}: set a dict of amounts"


_ASKED: Mapping[str, Callable[[luigi.Task], str]] = {
    "output()": _output,
    "complete()": _complete,
    "command": _command,
    "priority": _priority,
    "resources": _resources,
}
