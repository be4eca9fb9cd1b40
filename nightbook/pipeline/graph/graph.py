"""The tasks of a pipeline, found from its root, in the order in which they can run."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import luigi

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.graph.dependencies import MOST_TASKS, as_tasks, dependencies, too_many
from nightbook.pipeline.graph.extended_run import ExtendedRun, parts_of
from nightbook.pipeline.graph.recorded_task import declare, record_id
from nightbook.pipeline.parameters.hidden_parameters import different_hidden
from nightbook.record.format.model import Task


@dataclass(frozen=True, slots=True)
class KnownTasks:
    """The tasks of a run that goes on, and what they have yielded so far, by Luigi's id of the task."""

    tasks: Sequence[luigi.Task]
    yielded: Mapping[str, Sequence[luigi.Task]]


def find_tasks(root: luigi.Task) -> list[luigi.Task]:
    """Return all tasks that the record has, each after the ones it depends on.

    A root that only wraps others is the run itself and no task of it. Raise PipelineError for a cycle, two
    different tasks with one id, a ``requires()`` that fails, and a pipeline without tasks.
    """
    found = find_needed(root)
    for wrapper in run_wrappers(root, found):
        found.remove(wrapper)
    if not found:
        raise PipelineError(f"the pipeline {type(root).__name__} has no tasks: name them in its requires()")
    return found


def run_wrappers(root: luigi.Task, needed: list[luigi.Task]) -> list[luigi.Task]:
    """Return the tasks among the needed ones that only stand for the run or for an addition to it."""
    by_tasks = {one for task in needed if not isinstance(task, ExtendedRun) for one in task.deps()}
    roots = dict.fromkeys([root, *parts_of(root)])
    return [one for one in roots if isinstance(one, luigi.WrapperTask) and one not in by_tasks]


def find_needed(task: luigi.Task) -> list[luigi.Task]:
    """Return the task and all that it needs, each after the ones it depends on. Raise as ``find_tasks``."""
    found: dict[str, luigi.Task] = {}
    _visit(task, [], set(), found, {})
    return list(found.values())


def find_yielded(task: luigi.Task, yielded: Iterable[object], known: KnownTasks) -> list[luigi.Task]:
    """Return what the run does not know yet of what ``run()`` of the task has yielded, and of its needs.

    Raise as ``find_tasks``, also for a cycle or an id that comes about with the known tasks.
    """
    found = {record_id(one): one for one in known.tasks}
    count = len(found)
    done: set[str] = set()
    for needed in as_tasks(yielded, f"{type(task).__name__}.run() yields"):
        _visit(needed, [task], done, found, known.yielded)
    return list(found.values())[count:]


def prioritize(tasks: list[luigi.Task]) -> None:
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


def declare_tasks(tasks: list[luigi.Task]) -> list[Task]:
    """Return the tasks as the run record declares them."""
    return [declare(task, task.deps()) for task in tasks]


def _visit(
    start: luigi.Task,
    path: list[luigi.Task],
    done: set[str],
    found: dict[str, luigi.Task],
    yielded: Mapping[str, Sequence[luigi.Task]],
) -> None:
    """Add the task, after all that it needs. No recursion: a chain may be longer than Python's stack."""
    on_path = dict.fromkeys(path)  # in their order
    begun: list[tuple[luigi.Task, Iterator[luigi.Task]]] = []

    def begin(task: luigi.Task) -> None:
        if task in on_path:
            steps = list(on_path)
            steps = steps[steps.index(task) :]
            _refuse_hidden_difference(steps[0], task)
            names = " → ".join(type(step).__name__ for step in [*steps, task])
            raise PipelineError(
                f"the tasks depend on each other in a circle: {names}. Remove one requires()."
            )
        if task.task_id in done and (known := found.get(record_id(task))) == task:
            _refuse_hidden_difference(known, task)
            return
        if len(found) + len(begun) >= MOST_TASKS:
            raise too_many(task)
        on_path[task] = None
        begun.append((task, iter((*dependencies(task), *yielded.get(task.task_id, ())))))

    begin(start)
    while begun:
        task, needed = begun[-1]
        dependency = next(needed, None)
        if dependency is not None:
            begin(dependency)
            continue
        begun.pop()
        del on_path[task]
        done.add(task.task_id)
        _add(task, found)


def _add(task: luigi.Task, found: dict[str, luigi.Task]) -> None:
    twin = found.setdefault(record_id(task), task)
    if twin != task:
        raise PipelineError(
            f"two tasks have the id {record_id(task)!r} in the run record: "
            f"{_place(twin)} and {_place(task)}. "
            "Give one class another name, or tell them apart by a significant parameter."
        )
    _refuse_hidden_difference(twin, task)


def _refuse_hidden_difference(task: luigi.Task, other: luigi.Task) -> None:
    """Raise PipelineError if what tells two tasks apart is in no record: one of them would not be run."""
    names = different_hidden(task, other)
    if names:
        raise PipelineError(
            f"two tasks differ only in the hidden parameter {' and '.join(names)}, which is in no record: "
            f"{_place(task)}. Tell them apart by a public parameter, or make them one task."
        )


def _place(task: luigi.Task) -> str:
    return f"{task} of {type(task).__module__}"
