"""The tasks of a pipeline, found from its root and checked before anything runs."""

import luigi

from nightbook.execution.attempt import check_job
from nightbook.pipeline.notebook_task import NotebookTask
from nightbook.record.format.errors import NightbookError
from nightbook.record.format.model import Task


class PipelineError(NightbookError):
    """A pipeline that cannot be run as it is written."""


def find_tasks(root: luigi.Task) -> list[NotebookTask]:
    """All notebook tasks below the root, each after the ones it depends on.

    PipelineError for a cycle, for two different tasks with one id, and for a pipeline without any.
    """
    found: dict[str, NotebookTask] = {}
    _visit(root, [], set(), found)
    if not found:
        raise PipelineError(
            f"the pipeline {type(root).__name__} has no notebook tasks: name them in its requires()"
        )
    return list(found.values())


def prioritize(tasks: list[NotebookTask]) -> None:
    """Let Luigi begin with what most has to follow on; a class's own ``priority`` stays as it is.

    Otherwise long tasks at the end run alone, because what they needed came late.
    """
    followers = {task.task_id: 1 for task in tasks}  # in a row, with the task itself
    for task in reversed(tasks):
        for dependency in task.deps():
            if dependency.task_id in followers:
                follows = max(followers[dependency.task_id], followers[task.task_id] + 1)
                followers[dependency.task_id] = follows
    for task in tasks:
        if not type(task).priority:
            task.priority = followers[task.task_id]


def check_notebooks(tasks: list[NotebookTask]) -> None:
    """NotebookSourceError for the first task whose notebook is missing or takes other parameters."""
    for task in tasks:
        check_job(task.job)


def declare_tasks(tasks: list[NotebookTask]) -> list[Task]:
    """The tasks as the run record declares them."""
    return [
        Task(
            task_id=task.record_id,
            name=task.task_name,
            parameters=task.notebook_parameters,
            notebook=task.notebook_file,
            retry_count=task.retry_count,
            timeout_s=task.timeout_s,
            num_cpus=task.num_cpus,
            depends_on=tuple(dep.record_id for dep in task.deps() if isinstance(dep, NotebookTask)),
        )
        for task in tasks
    ]


def _visit(task: luigi.Task, path: list[luigi.Task], done: set[str], found: dict[str, NotebookTask]) -> None:
    if task in path:
        names = " → ".join(type(step).__name__ for step in [*path[path.index(task) :], task])
        raise PipelineError(f"the tasks depend on each other in a circle: {names}. Remove one requires().")
    if task.task_id in done:
        return
    for dependency in _dependencies(task):
        _visit(dependency, [*path, task], done, found)
    done.add(task.task_id)
    if isinstance(task, NotebookTask):
        twin = found.setdefault(task.record_id, task)
        if twin is not task:
            raise PipelineError(
                f"two tasks have the id {task.record_id!r} in the run record: {twin} and {task}. "
                "Give one class another name, or tell them apart by a significant parameter."
            )


def _dependencies(task: luigi.Task) -> list[luigi.Task]:
    try:
        found: list[luigi.Task] = task.deps()
    except Exception as error:  # whatever a requires() raises
        raise PipelineError(
            f"{type(task).__name__}.requires() fails with {type(error).__name__}: {error}. "
            "A parameter that self.clone(...) cannot find in both tasks must be passed to it."
        ) from error
    return found
