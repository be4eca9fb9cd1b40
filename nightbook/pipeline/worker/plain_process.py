"""The process of a task that Luigi itself runs: what it does there is an attempt in the record."""

import multiprocessing
import os
import time
import traceback
from contextlib import suppress
from functools import partial
from typing import Any, TypeGuard

import luigi
import psutil
from luigi.event import Event
from luigi.task_register import Register
from luigi.task_status import DONE, FAILED
from luigi.worker import ContextManagedTaskProcess, TaskException

from nightbook.execution.engines.local import become_attempt_process
from nightbook.execution.processes.exit_code import describe_exit
from nightbook.pipeline.checks.yielded_tasks import checked_run
from nightbook.pipeline.graph.graph import KnownTasks
from nightbook.pipeline.parameters.hidden_parameters import known_texts
from nightbook.pipeline.recording.completeness import remember_done, unfinished
from nightbook.pipeline.recording.lost_attempt import record_lost
from nightbook.pipeline.recording.task_record import TaskRecord, find_task_folder, find_task_record
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.pipeline.tasks.time_limit import TimeLimit
from nightbook.pipeline.worker.task_results import TaskResult
from nightbook.record.format.model import Error, Outcome

_GRACE_PERIOD_S = 5
_LAST_WORDS_S = 1


def is_attempt(task: luigi.Task) -> TypeGuard[AttemptTask]:
    """Return True for a task whose ``run()`` is nothing but one attempt, which records itself."""
    return isinstance(task, AttemptTask) and type(task).run is AttemptTask.run


class PlainProcess(ContextManagedTaskProcess):
    """A process of Luigi's that records what its task does, and ends when it is told to."""

    def __init__(self, process: Any, results: Any, known: KnownTasks) -> None:
        """Take the place of a process of Luigi's that has not been started.

        ``known`` are the tasks of the run when it starts.
        """
        super().__init__(
            process.context,
            process.task,
            process.worker_id,
            results,
            process.status_reporter,
            use_multiprocessing=True,  # what it prints can be told apart, and it can be killed
            check_unfulfilled_deps=process.check_unfulfilled_deps,
            check_complete_on_run=False,  # it is checked here, with a message that names the output
            task_completion_cache=process.task_completion_cache,
        )
        self._is_checked = process.check_complete_on_run
        self.limit = TimeLimit(process.task)
        self._known = known
        self._folder = find_task_folder(process.task)
        self._first = self._folder.next_attempt().number if self._folder else 1

    def run(self) -> None:
        """Run the task, and record the attempt."""
        with RecordedRun(self):
            super().run()

    def _run_get_new_deps(self) -> Any:
        """Return what the task has yielded; raise here, not in the worker, if there is no such class.

        Raise TaskException if it has yielded nothing and is not complete.
        """
        vars(self.task)["run"] = partial(checked_run, self.task, self.task.run, self._known)
        required = super()._run_get_new_deps()
        for _, family, _ in required or ():
            Register.get_task_cls(family)
        if not required and self._is_checked and (reason := unfinished(self.task)):
            raise TaskException(reason)
        # The worker makes the tasks again: it gets the hidden values, which only this process has, by a pipe.
        return required and [
            (module, family, known_texts(family, texts)) for module, family, texts in required
        ]

    def time_out(self) -> str:
        """Kill the process and its children, record why, and return it."""
        children = self._processes()[1:]
        self.kill()
        self.join()
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.terminate()
        # What copies the output to the record ignores that, and ends by itself when it has copied all.
        end_s = time.monotonic() + _LAST_WORDS_S
        while any(map(_lives, children)) and time.monotonic() < end_s:
            time.sleep(0.01)
        for child in children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        message = self.limit.record()
        self.task.trigger_event(Event.TIMEOUT, self.task, message)
        return message

    def record_death(self) -> str:
        """Record how the process died, for an attempt that could not record its end, and return it."""
        message = f"the task's process {describe_exit(self.exitcode or 0)}, as the main process has noticed"
        if self._folder is not None:
            record_lost(self._folder, self._first, Outcome.INTERRUPTED, Error("ProcessDied", message, ""))
        return message

    def _processes(self) -> list[psutil.Process]:
        """Return the process and all that it has started."""
        with suppress(psutil.NoSuchProcess):
            this = psutil.Process(self.pid)
            return [this, *this.children(recursive=True)]
        return []

    def terminate(self) -> None:
        """End the process and its children; kill what does not end within some seconds."""
        processes = self._processes()
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.terminate()
        self.join(_GRACE_PERIOD_S)
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.join()


def _lives(process: psutil.Process) -> bool:
    """Return False for a zombie, too: nobody may be there to wait for it."""
    with suppress(psutil.NoSuchProcess):
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    return False


class RecordedRun:
    """The context of a task's process: it records an attempt from the start of the process to its end.

    Luigi handles what ``run()`` raises before the context closes, and hands on the result, so both are taken
    from the process. The result is handed on when the attempt has been recorded. A
    ``task_process_context`` of the user's own that raises before it has let the task run fails the attempt.
    """

    def __init__(self, process: PlainProcess) -> None:
        self._process = process
        self._record: TaskRecord | None = None
        self._results = process.result_queue
        self._result: TaskResult | None = None

    def put(self, result: TaskResult) -> None:
        """Keep the result until the attempt has been recorded."""
        self._result = result

    def __enter__(self) -> None:
        main_process = multiprocessing.parent_process()
        if is_attempt(self._process.task) or main_process is None:
            return
        become_attempt_process(main_process.pid or os.getppid())
        self._record = find_task_record(self._process.task)
        if self._record is None:
            return
        self._process.result_queue = self
        handle: Any = self._process._handle_run_exception  # noqa: SLF001 Luigi has no other door

        def handle_run_exception(error: BaseException) -> Any:
            if self._record is not None:
                self._record.error = error
            return handle(error)

        vars(self._process)["_handle_run_exception"] = handle_run_exception
        begun = self._record.begin()
        if begun is not None:
            self._process.limit.begun(*begun)

    def __exit__(self, _type: object, error: BaseException | None, _trace: object) -> bool:
        self._process.limit.claim_end()
        if self._record is None:
            return False
        if isinstance(error, Exception) and self._result is not None:
            traceback.print_exception(error)  # the task has ended already
        elif isinstance(error, Exception):
            self._record.error = error
            self._result = self._process.task.task_id, FAILED, str(error), [], []
        try:
            status, explanation = self._result[1:3] if self._result else ("", "")
            if status == DONE:
                remember_done(self._process.task)
            self._record.end(status, explanation)
        finally:
            if self._result is not None:
                self._results.put(self._result)
        return isinstance(error, Exception)
