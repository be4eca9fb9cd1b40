"""A task that an entry point ``MODULE:CLASS`` and the texts of parameters name."""

from collections.abc import Mapping

import luigi

from nightbook.pipeline.code.entry_point import PipelineError, load_class
from nightbook.pipeline.parameters.parameter_texts import make_task


def task_class(entry_point: str) -> type[luigi.Task]:
    """Return the class of tasks. Raise PipelineError if the entry point names no such class."""
    found = load_class(entry_point)
    if not (isinstance(found, type) and issubclass(found, luigi.Task)):
        raise PipelineError(f"{entry_point} is no class of tasks: name a subclass of nightbook.Pipeline")
    return found


def named_task(entry_point: str, texts: Mapping[str, str]) -> luigi.Task:
    """Return the task with these parameters. Raise PipelineError if there is none."""
    return make_task(task_class(entry_point), texts, entry_point)


def entry_point_of(task: luigi.Task) -> str:
    """Return the entry point that names the task's class."""
    return f"{type(task).__module__}:{type(task).__name__}"
