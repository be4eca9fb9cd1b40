"""One invocation of a pipeline: locked, recorded from start to end, and reported however it ends."""

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import luigi

from nightbook.pipeline.code.code_version import write_code
from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.code.task_code import remember_code
from nightbook.pipeline.graph.extended_run import as_part, parts_of
from nightbook.pipeline.graph.graph import declare_tasks, find_needed, find_tasks, run_wrappers
from nightbook.pipeline.graph.named_task import entry_point_of
from nightbook.pipeline.graph.recorded_task import record_id, task_name
from nightbook.pipeline.parameters.hidden_parameters import PLACEHOLDER, recorded_texts
from nightbook.pipeline.parameters.run_parameters import process_run_id
from nightbook.pipeline.recording.lost_attempt import record_unended
from nightbook.pipeline.recording.requirements import declare_requirements, record_external
from nightbook.pipeline.recording.task_record import leave_out, record_complete
from nightbook.provenance.environment import find_provenance
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Task, TaskKind
from nightbook.record.format.schema import RunRequest
from nightbook.record.read.reader import read_run
from nightbook.record.write.invocation_recorder import InvocationRecorder, record_invocation
from nightbook.record.write.run_lock import run_lock
from nightbook.reporting.reports import write_reports
from nightbook.settings import settings


@dataclass(frozen=True, slots=True)
class Invocation:
    """An invocation that goes on."""

    folder: RunFolder
    _recorder: InvocationRecorder
    _declared: dict[str, Task]

    def add_requirements(self, task: luigi.Task, required: Sequence[luigi.Task]) -> None:
        """Declare what the task has asked for while it ran, and what that needs in turn."""
        tasks = declare_requirements(task, required, self._declared)
        self._declared.update((task.task_id, task) for task in tasks)
        self._recorder.declare_tasks(tasks)
        record_external(self.folder, required)


@contextmanager
def invocation(root: luigi.Task, whole: luigi.Task | None = None) -> Iterator[Invocation]:
    """Record one more invocation of the root's run, and yield it.

    At the end the run is a success if the root is complete and no task has failed, else a failure, and
    interrupted if an exception ended the context. The reports are written in each case. ``whole`` is the root
    of the run, if only a part of it is to be completed: what the others have done before counts, too.
    """
    whole = whole or root
    folder = run_folder(root)
    found = find_tasks(whole)
    for wrapper in run_wrappers(whole, find_needed(whole)):
        leave_out(wrapper)
    remember_code(found)
    tasks = declare_tasks(found)
    request = _request(whole)
    provenance = find_provenance(Path.cwd(), os.environ)
    _check_hidden_values(folder, request)
    with run_lock(folder), record_invocation(folder, request, provenance) as recorder:
        before = read_run(folder.path).tasks if folder.invocations() > 1 else ()
        record_unended(folder, before)
        tasks = _with_earlier_requirements(before, tasks)
        write_code(folder)
        earlier = read_run(folder.path).outcome if whole is not root else Outcome.FAILURE
        recorder.declare(tasks)
        succeeded = {task.task_id for task in before if _last_outcome(task) is Outcome.SUCCESS}
        _record_complete(folder, found, "complete before the run", succeeded)
        outcome = Outcome.INTERRUPTED
        try:
            yield Invocation(folder, recorder, {task.task_id: task for task in tasks})
            done = read_run(folder.path).tasks
            begun = {task.task_id for task in done if task.attempts}
            _record_complete(folder, found, "complete by another run", begun)
            if not root.complete() or _failed(done, recorder.number):
                outcome = Outcome.FAILURE
            else:
                outcome = Outcome.SUCCESS if whole.complete() else earlier
        finally:
            recorder.finish(read_run(folder.path).tasks, outcome)
            write_reports(folder, read_run(folder.path), settings().metrics)


def run_folder(root: luigi.Task) -> RunFolder:
    """Return the folder of the run that the root belongs to."""
    return RunFolder(settings().runs / getattr(root, "run_id", process_run_id()))


def _failed(tasks: Sequence[Task], invocation: int) -> bool:
    """Return True if the last attempt of a task was made by the invocation, and did not succeed.

    Such a task may be complete: it has written its output, and failed in ``on_success`` or was killed.
    """
    failures = (Outcome.FAILURE, Outcome.TIMEOUT, Outcome.INTERRUPTED)
    return any(task.outcome in failures and task.attempts[-1].invocation == invocation for task in tasks)


def _request(whole: luigi.Task) -> RunRequest:
    pipeline, *added = parts_of(whole)
    return RunRequest(
        pipeline=task_name(pipeline),
        entry_point=entry_point_of(pipeline),
        notebooks=os.path.relpath(settings().notebooks),
        parameters=recorded_texts(pipeline),
        added=tuple(map(as_part, added)),
    )


def _check_hidden_values(folder: RunFolder, request: RunRequest) -> None:
    """Raise PipelineError if the run has begun with a hidden value, and would go on with the default."""
    if not folder.invocations():
        return
    earlier = read_run(folder.path)
    if earlier.entry_point != request.entry_point:
        return
    lost = [
        name
        for name, text in earlier.parameters.items()
        if text == PLACEHOLDER and name not in request.parameters
    ]
    if lost:
        raise PipelineError(
            f"run {folder.run_id} has begun with a value of the hidden parameter {' and '.join(lost)} of "
            f"{request.entry_point}, and would go on with the default: give the value, or continue the run "
            "with `nightbook resume`"
        )


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


def _record_complete(
    folder: RunFolder, tasks: Sequence[luigi.Task], reason: str, known: Collection[str]
) -> None:
    """Record the tasks that are complete and whose ids are not among the known: nothing is done for them."""
    for task in tasks:
        task_folder = folder.task(record_id(task))
        if task_folder.task_id not in known and task.complete():
            record_complete(task_folder, reason)


def _last_outcome(task: Task) -> Outcome:
    """Return the outcome of the last attempt, also of a task that was no longer in the pipeline."""
    return task.attempts[-1].outcome if task.attempts else Outcome.NOT_RUN
