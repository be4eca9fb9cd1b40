"""Finds the tasks that a change makes stale, and withdraws their outputs so that they run again."""

from collections.abc import Collection
from pathlib import Path

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run, TaskKind
from nightbook.record.write.run_lock import run_lock


def stale_tasks(run: Run, changed: Collection[str]) -> set[str]:
    """Return the ids of the tasks that run a changed notebook, and of all tasks that depend on them.

    Notebooks are named as in ``Task.notebook``: by their path below the folder of notebooks.
    """
    stale: set[str] = set()
    found = {task.task_id for task in run.tasks if task.notebook in changed}
    while found:
        stale |= found
        found = {task.task_id for task in run.tasks if stale.intersection(task.depends_on)} - stale
    return stale


def source_folders(run: Run) -> set[Path]:
    """Return the folders of the project that hold the classes of the run's functions and scripts."""
    here = Path.cwd()
    classes = (task.notebook for task in run.tasks if task.kind in (TaskKind.FUNCTION, TaskKind.SCRIPT))
    folders = {(here / source.partition(":")[0]).parent for source in classes}
    return {folder for folder in folders if folder != here and folder.is_relative_to(here)}


def withdraw_outputs(folder: RunFolder, run: Run, task_ids: Collection[str]) -> None:
    """Make the tasks incomplete. Raise RecordError if the run is being executed.

    An output returns to the attempt that made it, by one rename: nothing is deleted, and at no moment is
    half an output published.
    """
    with run_lock(folder):
        for task in run.tasks:
            output = folder.task(task.task_id).output
            if task.task_id in task_ids and task.last_attempt and output.exists():
                output.replace(folder.task(task.task_id).attempt(task.last_attempt.number).output)
