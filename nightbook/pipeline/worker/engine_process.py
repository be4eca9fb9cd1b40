"""An attempt that an engine executes, presented to Luigi's worker as the process of its task."""

import logging
import os
import time
from collections.abc import Callable

from luigi.event import Event
from luigi.task_status import DONE, FAILED
from luigi.worker import TaskException, TaskProcess, fork_lock

from nightbook.execution.attempt import AttemptFailedError, OnProgress, describe_exception
from nightbook.execution.engines.base import Ended, Engine, Handle
from nightbook.execution.publication import is_published
from nightbook.pipeline.recording.lost_attempt import record_lost
from nightbook.pipeline.recording.task_record import record_late_failure
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.pipeline.tasks.incomplete import why_incomplete
from nightbook.pipeline.worker.task_results import TaskResult
from nightbook.record.format.model import Error, Outcome

_log = logging.getLogger("luigi-interface")


class EngineProcess:
    """What Luigi's worker calls of a ``TaskProcess``, for an attempt that need not be a process.

    The engine makes the attempt. All else that a ``TaskProcess`` does around ``run()`` happens here, in the
    worker's process: dependencies are checked before, ``complete()`` is checked after, and Luigi's events
    are triggered.
    """

    use_multiprocessing = False  # so that the worker calls run(), which returns at once
    exitcode = None  # the worker reports processes that died; this one reports its end itself

    def __init__(
        self, task: AttemptTask, process: TaskProcess, engine: Engine, on_progress: OnProgress
    ) -> None:
        """Take the place of a process of Luigi's that has not been started, with its settings."""
        self.task = task
        self.status_reporter = process.status_reporter
        self._settings = process
        self._engine = engine
        self._on_progress = on_progress
        self._start_s = 0.0
        self._first = 1  # the number that the attempt has at least
        self._handle: Handle | None = None
        self._result: TaskResult | None = None

    @property
    def sentinel(self) -> int | None:
        """A file descriptor that is readable once the attempt may have ended, if the engine has one."""
        return self._handle.sentinel if self._handle else None

    def is_alive(self) -> bool:
        """Return True while the attempt goes on."""
        return self._handle is not None

    def terminate(self) -> None:
        """Cancel the attempt."""
        if self._handle is not None:
            self._handle.cancel()

    def run(self) -> None:
        """Check the dependencies and let the engine start the attempt."""
        self._log_step("running  ")
        missing: list[str] = []
        self._first = self.task.record_folder.next_attempt().number
        try:
            if self._settings.check_unfulfilled_deps:
                missing = [dep.task_id for dep in self.task.deps() if not self._settings.check_complete(dep)]
            if missing:
                raise TaskException(f"Unfulfilled dependencies at run time: {', '.join(missing)}")
            self.task.trigger_event(Event.START, self.task)
            self._start_s = time.monotonic()
            with fork_lock:
                self._handle = self._engine.start(self.task.job, self._on_progress)
        except Exception as error:  # noqa: BLE001 what a forker's methods raise fails the task, not the worker
            if not missing:
                self._record_end(Outcome.FAILURE, describe_exception(error))
            self._result = self._failed(error, missing)

    def result(self) -> TaskResult | None:
        """Return the task's result for the scheduler when the attempt has ended, once."""
        if self._handle is not None:
            ended = self._handle.poll()
            if ended is not None:
                self._handle = None
                self._result = self._lost(ended) if ended.lost else self._finish(ended)
        result, self._result = self._result, None
        return result

    def _finish(self, ended: Ended) -> TaskResult:
        try:
            if ended.error is not None:
                self._record_end(Outcome.FAILURE, ended.error)
                failure = AttemptFailedError(ended.error.message)
                failure.add_note(ended.error.traceback)
                raise failure
            if self._settings.check_complete_on_run and not self._settings.check_complete(self.task):
                raise TaskException(why_incomplete(self.task) or "complete() has changed its answer")
            self.task.trigger_event(Event.PROCESSING_TIME, self.task, time.monotonic() - self._start_s)
            explanation = self.task.on_success()
        except Exception as error:  # noqa: BLE001 as above
            if ended.error is None:
                record_late_failure(self.task.record_folder, error)
            return self._failed(error, [])
        self._log_step("done     ")
        self.task.trigger_event(Event.SUCCESS, self.task)
        return self.task.task_id, DONE, explanation, [], []

    def _failed(self, error: Exception, missing: list[str]) -> TaskResult:
        self._log_step("failed   ", _log.exception)
        self.task.trigger_event(Event.FAILURE, self.task, error)
        explanation = str(error)
        try:
            explanation = self.task.on_failure(error)
        except Exception:  # noqa: BLE001 as above
            _log.exception("on_failure() of %s failed", self.task)
        return self.task.task_id, FAILED, explanation, missing, []

    def _lost(self, ended: Ended) -> TaskResult:
        """Return the result of an attempt that could not report its end: it may have recorded it before."""
        if is_published(self.task.record_folder):
            return self._finish(Ended())
        message = f"Task {self.task.task_id} died unexpectedly"
        if ended.error is not None:
            message = f"{message}: {ended.error.message}"
            self._record_end(Outcome.INTERRUPTED, ended.error)
        self.task.trigger_event(Event.PROCESS_FAILURE, self.task, message)
        _log.info(message)
        return self.task.task_id, FAILED, message, [], []

    def _record_end(self, outcome: Outcome, error: Error) -> None:
        """Record how the attempt ended, if it has not: it may have been killed, or never begun."""
        record_lost(self.task.record_folder, self._first, outcome, error)

    def _log_step(self, step: str, log: Callable[..., None] = _log.info) -> None:
        log("[pid %s] Worker %s %s %s", os.getpid(), self._settings.worker_id, step, self.task)
