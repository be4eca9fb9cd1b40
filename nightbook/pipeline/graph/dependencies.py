"""What one task needs, as its class says it, which may say anything."""

from collections.abc import Iterable, Iterator
from itertools import islice

import luigi
from luigi.parameter import MissingParameterException
from luigi.task import flatten

from nightbook.pipeline.code.entry_point import PipelineError, describe_raised

MOST_TASKS = 100_000


def dependencies(task: luigi.Task) -> list[luigi.Task]:
    """Return what the task's ``requires()`` names. Raise PipelineError if it fails or names no tasks."""
    try:
        found = list(islice(_required(task), MOST_TASKS + 1))
    except Exception as error:  # a forker's requires() may raise anything
        raise PipelineError(
            f"{type(task).__name__}.requires() fails with {describe_raised(error)}. {_mend(error)}"
        ) from error
    if len(found) > MOST_TASKS:
        raise too_many(task)
    return list(as_tasks(found, f"{type(task).__name__}.requires() names"))


def _required(task: luigi.Task) -> Iterator[object]:
    """Yield what the task requires one by one: a generator may have no end."""
    is_luigis_own = type(task).deps is luigi.Task.deps and type(task)._requires is luigi.Task._requires  # noqa: SLF001
    required = task.requires() if is_luigis_own else task.deps()
    return iter(required if isinstance(required, Iterator) else flatten(required))


def _mend(error: Exception) -> str:
    if isinstance(error, MissingParameterException):
        return "A parameter that self.clone(...) cannot find in both tasks must be passed to it."
    return "Correct it."


def as_tasks(found: Iterable[object], source: str) -> Iterator[luigi.Task]:
    """Yield what was found, which ``source`` names. Raise PipelineError for what is no task."""
    for dependency in found:
        if not isinstance(dependency, luigi.Task):
            raise PipelineError(f"{source} {_no_task(dependency)}")
        yield dependency


def _no_task(value: object) -> str:
    if isinstance(value, type) and issubclass(value, luigi.Task):
        return f"the class {value.__name__}, and needs a task: write self.clone({value.__name__})"
    if isinstance(value, luigi.Target):
        return f"{value!r}, which is a target, and needs a task: let an ExternalTask have it as its output"
    return f"{value!r:.80} ({type(value).__name__}), which is no task: name tasks only"


def too_many(task: luigi.Task) -> PipelineError:
    """Return the error of a pipeline that has no end."""
    return PipelineError(
        f"there are more than {MOST_TASKS:,} tasks at {task!s:.80}: let {type(task).__name__}.requires() end"
    )
