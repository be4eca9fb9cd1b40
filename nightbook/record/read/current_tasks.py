"""Which of a run's tasks are still in its pipeline: the newest declarations decide."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from nightbook.record.format.model import Run, Task

Declared: TypeAlias = Mapping[str, Iterable[str]]
"""The ids of the tasks that each invocation has declared, by the invocation."""


def find_current(starts: Mapping[str, Run], declared: Declared, tasks: Mapping[str, Task]) -> set[str]:
    """Return the ids of the tasks that the newest invocation declares, and of all that those need.

    ``starts`` has the run as each invocation describes it, oldest first. An invocation of another root than
    the run's first one adds tasks to the run and takes none away, so the newest of each root counts. What a
    task has yielded is declared by the invocation in which it did so, and remains as long as that task.
    """
    first = next(iter(starts.values()))
    newest: dict[tuple[str, ...], str] = {}
    for invocation, run in starts.items():
        is_pipeline = run.entry_point == first.entry_point
        key = (run.entry_point,) if is_pipeline else (run.entry_point, str(sorted(run.parameters.items())))
        newest[key] = invocation
    current: set[str] = set()
    found = {task_id for invocation in newest.values() for task_id in declared.get(invocation, ())}
    while found:
        current |= found
        found = {needed for task_id in found & tasks.keys() for needed in tasks[task_id].depends_on} - current
    return current
