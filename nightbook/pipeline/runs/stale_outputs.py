"""Finds the tasks that a change makes stale, and withdraws their outputs so that they run again."""

import shutil
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import luigi
from luigi.task import flatten

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.graph.recorded_task import record_id
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.pipeline.tasks.external_data import is_external
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Run, Task
from nightbook.record.write.run_lock import run_lock


def stale_tasks(run: Run, changed: Collection[str]) -> set[str]:
    """Return the ids of the tasks that run a changed notebook, and of all tasks that depend on them.

    Notebooks are named as in ``Task.notebook``: by their path below the folder of notebooks.
    """
    return with_dependents(run.tasks, {task.task_id for task in run.tasks if task.notebook in changed})


def with_dependents(tasks: Sequence[Task], task_ids: Collection[str]) -> set[str]:
    """Return the ids, and those of all tasks that depend on them."""
    stale: set[str] = set()
    found = set(task_ids)
    while found:
        stale |= found
        found = {task.task_id for task in tasks if stale.intersection(task.depends_on)} - stale
    return stale


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


def withdraw_targets(
    folder: RunFolder, run: Run, tasks: Iterable[luigi.Task], task_ids: Collection[str]
) -> None:
    """Move the targets that tasks have outside the record into the attempts that made them.

    Raise PipelineError, before anything is moved, for one that is no local file.
    """
    attempts = {task.task_id: task.last_attempt for task in run.tasks}
    moves: list[tuple[Path, Path]] = []
    for task in tasks:
        last = attempts.get(record_id(task))
        if record_id(task) in task_ids and last is not None and not is_external(task):
            moves += _moves(task, folder.task(record_id(task)).attempt(last.number))
    with run_lock(folder):
        for target, withdrawn in moves:
            withdrawn.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(target, withdrawn)


def _moves(task: luigi.Task, attempt: AttemptFolder) -> Iterator[tuple[Path, Path]]:
    here = Path.cwd()
    for target in flatten(task.output()):
        if isinstance(task, AttemptTask) and getattr(target, "path", "") == str(attempt.task.output):
            continue  # the record's own
        if not target.exists():
            continue
        if not isinstance(target, luigi.LocalTarget):
            name = getattr(target, "path", target)
            raise PipelineError(
                f"{record_id(task)} cannot be run again: its output {name} is no local file. "
                "Remove it, then resume the run"
            )
        path = Path(target.path).absolute()
        name = path.relative_to(here) if path.is_relative_to(here) else Path(path.name)
        yield path, attempt.path / "targets" / name
