"""What a task asks for while it runs, as the run record has it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import luigi

from nightbook.pipeline.graph.graph import declare_tasks, find_needed
from nightbook.pipeline.graph.recorded_task import declare, record_id
from nightbook.pipeline.recording.task_record import record_complete, record_missing
from nightbook.pipeline.tasks.external_data import is_external, missing_data
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Task


def declare_requirements(
    task: luigi.Task, required: Sequence[luigi.Task], declared: Mapping[str, Task]
) -> list[Task]:
    """Return what is to be declared besides ``declared``, by its ids: new tasks, and this one's new needs."""
    known = declared.get(record_id(task)) or declare(task, task.deps())
    names = (*known.depends_on, *(record_id(needed) for needed in required))
    new = [one for one in declare_tasks(all_needed(required)) if one.task_id not in declared]
    return [*new, replace(known, depends_on=tuple(dict.fromkeys(names)))]


def all_needed(tasks: Sequence[luigi.Task]) -> list[luigi.Task]:
    """Return the tasks and all that they need."""
    return [one for task in tasks for one in find_needed(task)]


def record_external(folder: RunFolder, tasks: Sequence[luigi.Task]) -> None:
    """Record of each external task, which Luigi does not run, if its data is there: of these and below."""
    for task in all_needed(tasks):
        task_folder = folder.task(record_id(task))
        if not is_external(task) or task_folder.newest_attempt():
            continue
        if task.complete():
            record_complete(task_folder)
        else:
            record_missing(task_folder, missing_data(task))
