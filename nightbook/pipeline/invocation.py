"""One invocation of a pipeline: locked, recorded from start to end, and reported however it ends."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import luigi

from nightbook.pipeline.code_version import write_code
from nightbook.pipeline.external_data import is_external, missing_data
from nightbook.pipeline.graph import declare_tasks, find_needed, find_tasks
from nightbook.pipeline.parameters import process_run_id
from nightbook.pipeline.recorded_task import declare, record_id, task_name
from nightbook.pipeline.task_code import remember_code
from nightbook.pipeline.task_record import leave_out, record_complete, record_missing
from nightbook.provenance.environment import find_provenance
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run, Task, TaskKind
from nightbook.record.format.schema import RunRequest
from nightbook.record.read.reader import read_run
from nightbook.record.write.invocation_recorder import InvocationRecorder, record_invocation
from nightbook.record.write.run_lock import run_lock
from nightbook.reporting.reports import write_reports
from nightbook.settings import settings

_FAILURES = (Outcome.FAILURE, Outcome.TIMEOUT)


@dataclass(frozen=True, slots=True)
class Invocation:
    """An invocation that goes on."""

    folder: RunFolder
    _recorder: InvocationRecorder
    _declared: dict[str, Task]

    def add_requirements(self, task: luigi.Task, required: Sequence[luigi.Task]) -> None:
        """Declare what the task has asked for while it ran, and what that needs in turn."""
        known = self._declared.get(record_id(task)) or declare(task, task.deps())
        names = (*known.depends_on, *(record_id(needed) for needed in required))
        below = [one for needed in required for one in find_needed(needed)]
        new = [one for one in declare_tasks(below) if one.task_id not in self._declared]
        self._declare([*new, replace(known, depends_on=tuple(dict.fromkeys(names)))])
        _record_external(self.folder, below)

    def _declare(self, tasks: Sequence[Task]) -> None:
        self._declared.update((task.task_id, task) for task in tasks)
        self._recorder.declare_tasks(tasks)


@contextmanager
def invocation(root: luigi.Task) -> Iterator[Invocation]:
    """Record one more invocation of the root's run, and yield it.

    At the end the run is a success if the root is complete and no task has failed, else a failure, and
    interrupted if an exception ended the context. The reports are written in each case.
    """
    folder = run_folder(root)
    found = find_tasks(root)
    if root not in found:
        leave_out(root)
    remember_code(found)
    tasks = declare_tasks(found)
    request = RunRequest(
        pipeline=task_name(root),
        entry_point=f"{type(root).__module__}:{type(root).__name__}",
        notebooks=os.path.relpath(settings().notebooks),
        parameters=root.to_str_params(),
    )
    provenance = find_provenance(Path.cwd(), os.environ)
    with run_lock(folder), record_invocation(folder, request, provenance) as recorder:
        earlier = read_run(folder.path).tasks if folder.invocations() > 1 else ()
        tasks = _with_earlier_requirements(earlier, tasks)
        write_code(folder)
        recorder.declare(tasks)
        _record_complete(folder, found, {task.task_id for task in earlier if task.outcome in _FAILURES})
        outcome = Outcome.INTERRUPTED
        try:
            yield Invocation(folder, recorder, {task.task_id: task for task in tasks})
            outcome = _outcome(root, read_run(folder.path))
        finally:
            recorder.finish(read_run(folder.path).tasks, outcome)
            write_reports(folder, read_run(folder.path), settings().metrics)


def run_folder(root: luigi.Task) -> RunFolder:
    """Return the folder of the run that the root belongs to."""
    return RunFolder(settings().runs / getattr(root, "run_id", process_run_id()))


def _outcome(root: luigi.Task, run: Run) -> Outcome:
    """Return the outcome of a run at its end: a task that failed in `on_success` may be complete."""
    failed = any(task.outcome in _FAILURES for task in run.current_tasks)
    return Outcome.SUCCESS if root.complete() and not failed else Outcome.FAILURE


def _with_earlier_requirements(earlier: Sequence[Task], tasks: list[Task]) -> list[Task]:
    """Return the tasks with what they asked for in earlier invocations: not all ask again."""
    # A task that has not begun has asked for nothing: what it needed may be no longer in the pipeline.
    asked = {task.task_id: task.depends_on for task in earlier if task.attempts}
    return [
        replace(task, depends_on=tuple(dict.fromkeys((*task.depends_on, *asked.get(task.task_id, ())))))
        if task.kind is TaskKind.LUIGI
        else task
        for task in tasks
    ]


def _record_external(folder: RunFolder, tasks: Sequence[luigi.Task]) -> None:
    """Record of external tasks, which Luigi does not run, if their data is there."""
    for task in tasks:
        task_folder = folder.task(record_id(task))
        if not is_external(task) or task_folder.attempt(1).path.exists():
            continue
        if task.complete():
            record_complete(task_folder)
        else:
            record_missing(task_folder, missing_data(task))


def _record_complete(folder: RunFolder, tasks: Sequence[luigi.Task], failed: Collection[str]) -> None:
    """Record the tasks that are complete and have no success: nothing will be done for them."""
    for task in tasks:
        task_folder = folder.task(record_id(task))
        has_success = task_folder.attempt(1).path.exists() and task_folder.task_id not in failed
        if not has_success and task.complete():
            record_complete(task_folder)
