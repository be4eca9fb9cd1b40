"""The tasks of a pipeline, found from its root and checked before anything runs."""

import luigi

from nightbook.execution.engines.registry import find_engine
from nightbook.pipeline.attempt_task import AttemptTask
from nightbook.pipeline.entry_point import PipelineError
from nightbook.record.format.model import Task
from nightbook.settings import settings


def find_tasks(root: luigi.Task) -> list[AttemptTask]:
    """Return all tasks below the root whose attempts are recorded, each after the ones it depends on.

    Raise PipelineError for a cycle, for two different tasks with one id, and for a pipeline without tasks.
    """
    found: dict[str, AttemptTask] = {}
    _visit(root, [], set(), found)
    if not found:
        raise PipelineError(
            f"the pipeline {type(root).__name__} has no tasks that execute anything: "
            "name notebooks, functions or scripts in its requires()"
        )
    return list(found.values())


def prioritize(tasks: list[AttemptTask]) -> None:
    """Let Luigi start the tasks first on which the longest chains of tasks depend.

    Otherwise a long chain starts late, and its last tasks run alone. A class's own ``priority`` stays.
    """
    chain_lengths = {task.task_id: 1 for task in tasks}  # from the task to the last that depends on it
    for task in reversed(tasks):
        for dependency in task.deps():
            if dependency.task_id in chain_lengths:
                through_task = chain_lengths[task.task_id] + 1
                chain_lengths[dependency.task_id] = max(chain_lengths[dependency.task_id], through_task)
    for task in tasks:
        if not type(task).priority:
            task.priority = chain_lengths[task.task_id]


def check_tasks(tasks: list[AttemptTask]) -> None:
    """Raise EngineError if there is no such engine, and BodyError for the first task that cannot be run."""
    find_engine(settings().engine)
    for task in tasks:
        task.body.check()


def declare_tasks(tasks: list[AttemptTask]) -> list[Task]:
    """Return the tasks as the run record declares them."""
    return [
        Task(
            task_id=task.record_id,
            name=task.task_name,
            parameters=task.body_parameters,
            notebook=task.body_source,
            retry_count=task.retry_count,
            timeout_s=task.timeout_s,
            num_cpus=task.num_cpus,
            kind=task.kind,
            depends_on=tuple(dep.record_id for dep in task.deps() if isinstance(dep, AttemptTask)),
        )
        for task in tasks
    ]


def _visit(task: luigi.Task, path: list[luigi.Task], done: set[str], found: dict[str, AttemptTask]) -> None:
    if task in path:
        names = " → ".join(type(step).__name__ for step in [*path[path.index(task) :], task])
        raise PipelineError(f"the tasks depend on each other in a circle: {names}. Remove one requires().")
    if task.task_id in done:
        return
    for dependency in _dependencies(task):
        _visit(dependency, [*path, task], done, found)
    done.add(task.task_id)
    if isinstance(task, AttemptTask):
        twin = found.setdefault(task.record_id, task)
        if twin is not task:
            raise PipelineError(
                f"two tasks have the id {task.record_id!r} in the run record: {twin} and {task}. "
                "Give one class another name, or tell them apart by a significant parameter."
            )


def _dependencies(task: luigi.Task) -> list[luigi.Task]:
    try:
        found: list[luigi.Task] = task.deps()
    except Exception as error:  # a forker's requires() may raise anything
        raise PipelineError(
            f"{type(task).__name__}.requires() fails with {type(error).__name__}: {error}. "
            "A parameter that self.clone(...) cannot find in both tasks must be passed to it."
        ) from error
    return found
