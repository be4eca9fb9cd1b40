"""Records an attempt of a task that Luigi runs in this process."""

import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from typing import Any

import luigi
from luigi.task_status import DONE, PENDING

from nightbook.execution.attempt import describe_exception
from nightbook.execution.publication import withdraw
from nightbook.pipeline.code.class_source import source_text
from nightbook.pipeline.code.task_code import code_of_class
from nightbook.pipeline.graph.recorded_task import record_id
from nightbook.pipeline.parameters.run_parameters import process_run_id
from nightbook.pipeline.recording.printed_output import printed_to
from nightbook.pipeline.recording.user_traceback import describe_users_exception
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder, RunFolder, TaskFolder
from nightbook.record.format.model import Error, Outcome
from nightbook.record.write.attempt_context import ActiveAttempt, active_attempt, to_environment
from nightbook.record.write.attempt_recorder import AttemptRecorder, Begun, record_attempt
from nightbook.settings import settings

_PAUSED = "paused.json"
_left_out: set[str] = set()  # the tasks that stand for whole runs


def find_task_record(task: luigi.Task) -> "TaskRecord | None":
    """Return what records the task's attempt, or None if its run is not recorded."""
    folder = find_task_folder(task)
    if folder is None:
        return None
    kind = OverriddenRecord if isinstance(task, AttemptTask) else TaskRecord
    code = task.code_digests if isinstance(task, AttemptTask) else code_of_class(type(task))
    return kind(folder, source_text(type(task)), code)


def find_task_folder(task: luigi.Task) -> TaskFolder | None:
    """Return the task's folder in the record, or None if its run is not recorded."""
    run = RunFolder(settings().runs / getattr(task, "run_id", process_run_id()))
    if task.task_id in _left_out or not run.invocations():
        return None
    return run.task(record_id(task))


def leave_out(task: luigi.Task) -> None:
    """Record no attempts of the task: it only wraps others, and stands for the run itself."""
    _left_out.add(task.task_id)


def record_complete(task: TaskFolder, reason: str = "complete before the run") -> None:
    """Record that nothing had to be done for a task: it was complete already."""
    folder = task.next_attempt()
    with record_attempt(folder, cell_count=0) as recorder:
        write_text(folder.output_log, f"{reason}: nothing had to be done\n")
        recorder.finish(Outcome.SUCCESS)


def record_missing(task: TaskFolder, reason: str) -> None:
    """Record that the data of an external task is missing, for which others wait."""
    with record_attempt(task.next_attempt(), cell_count=0) as recorder:
        recorder.finish(Outcome.FAILURE, Error("MissingData", reason, ""))


def record_late_failure(task: TaskFolder, error: BaseException) -> None:
    """Record what failed after a successful attempt, and withdraw its output: the task is to be run again."""
    newest = task.newest_attempt()
    if newest is not None and task.output.exists():
        withdraw(newest)
    with record_attempt(task.next_attempt(), cell_count=0) as recorder:
        recorder.finish(Outcome.FAILURE, _describe(error, ""))


class TaskRecord:
    """One attempt: from ``begin`` to ``end``, with what is printed and raised in between."""

    def __init__(self, folder: TaskFolder, source: str, code: Mapping[str, str]) -> None:
        self.error: BaseException | None = None
        self._task = folder
        self._source = source
        self._code = code
        self._stack = ExitStack()
        self._folder: AttemptFolder
        self._recorder: AttemptRecorder

    def begin(self) -> tuple[AttemptFolder, Begun] | None:
        """Begin an attempt, or go on with the one that has waited for what ``run()`` yielded.

        Return the attempt, if it has begun now. Raise OSError, after it has been recorded, if nothing can be
        written into its folder.
        """
        self._folder, begun = self._paused() or (self._task.next_attempt(), None)
        self._recorder = self._stack.enter_context(
            record_attempt(self._folder, cell_count=0, code=self._code, begun=begun)
        )
        try:
            self._prepare()
        except OSError as error:
            with self._stack:
                self._recorder.finish(Outcome.FAILURE, describe_exception(error))
            raise
        return self._folder, self._recorder.begun

    def _prepare(self) -> None:
        write_text(self._folder.source, self._source)
        os.environ.update(to_environment(ActiveAttempt(self._folder, self._recorder.context)))
        active_attempt.cache_clear()
        self._stack.enter_context(printed_to(self._folder.output_log, settings().max_output_bytes))

    def end(self, status: str, explanation: str = "") -> None:
        """End the attempt with the status that Luigi gives the task; without one it was interrupted."""
        with self._stack:
            if status == PENDING:
                self._pause()
            elif status == DONE:
                self._recorder.finish(Outcome.SUCCESS)
            elif status:
                self._recorder.finish(Outcome.FAILURE, _describe(self.error, explanation))

    def _pause(self) -> None:
        begun = self._recorder.pause()
        marks = [self._task.run.invocations(), begun.span_id, begun.start_ns]
        (self._folder.path / _PAUSED).write_text(json.dumps(marks), encoding="utf-8")

    def _paused(self) -> tuple[AttemptFolder, Begun] | None:
        for mark in self._task.path.glob(f"attempt-*/{_PAUSED}"):
            invocation, span_id, start_ns = json.loads(mark.read_text(encoding="utf-8"))
            mark.unlink()
            if invocation == self._task.run.invocations():
                folder = self._task.attempt(int(mark.parent.name.removeprefix("attempt-")))
                return folder, Begun(span_id, start_ns)
        return None


class OverriddenRecord(TaskRecord):
    """The record of a notebook's task with a ``run()`` of its own, which may make the attempt or may not.

    What it does besides the attempt is recorded only where it fails, or where it made none.
    """

    def __init__(self, folder: TaskFolder, source: str, code: Mapping[str, str]) -> None:
        super().__init__(folder, source, code)
        self._before: set[Any] = set()

    def begin(self) -> None:
        """Remember which attempts there are: the task's own begins later, if at all."""
        self._before = set(self._task.path.glob("attempt-*"))

    def end(self, status: str, explanation: str = "") -> None:
        """Record a failure outside the attempt, and withdraw the output: the task is to be run again."""
        made = sorted(set(self._task.path.glob("attempt-*")) - self._before)
        failed_outside = self._task.output.exists() and status not in ("", DONE, PENDING)
        if made and not failed_outside:
            return
        if made:
            self._task.output.replace(made[-1] / self._task.output.name)
        super().begin()
        super().end(status, explanation)


def _describe(error: BaseException | None, explanation: str) -> Error:
    if error is not None:
        return describe_users_exception(error)
    return Error("TaskFailed", str(explanation) or "Luigi gives no reason", "")
