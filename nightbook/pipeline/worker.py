"""Luigi's worker, with attempts that an engine executes and deaths that are reported once."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import luigi
from luigi.rpc import RemoteScheduler
from luigi.scheduler import WORKER_STATE_ACTIVE
from luigi.worker import GetWorkResponse, TaskProcess, Worker

from nightbook.execution.attempt import OnProgress
from nightbook.execution.engines.base import Engine
from nightbook.execution.processes.interruption import raise_if_interrupted
from nightbook.pipeline.assisted_run import RUN, prepare_assistance
from nightbook.pipeline.attempt_limit import retry_policy
from nightbook.pipeline.engine_process import EngineProcess
from nightbook.pipeline.parameters import process_run_id
from nightbook.pipeline.plain_process import PlainProcess, is_attempt
from nightbook.pipeline.prospects import can_go_on
from nightbook.pipeline.status_reporter import StatusReporter, report_progress
from nightbook.pipeline.task_results import TaskResults
from nightbook.record.format.errors import NightbookError

OnRequirements: TypeAlias = Callable[[luigi.Task, Sequence[luigi.Task]], None]
"""Called with a task and what it has asked for while it ran, before that is begun."""


def ignore_requirements(_task: luigi.Task, _required: Sequence[luigi.Task]) -> None:
    """Do nothing: another process records the run."""


class OutdatedError(NightbookError):
    """A worker whose code is not that of the run that has begun."""


class EngineWorker(Worker):
    """A worker that hands the attempts of tasks to an engine.

    It waits for all handles at once, so that a thousand waiting attempts are one process. A task of another
    kind runs in a process of its own, as Luigi has it, which records an attempt too.
    """

    engine: Engine
    is_outdated: Callable[[], bool]  # asked before each task: if so, the worker takes none
    _reported: frozenset[TaskProcess] = frozenset()

    def __init__(
        self,
        *,
        engine: Engine,
        is_outdated: Callable[[], bool],
        on_requirements: OnRequirements,
        **options: object,
    ) -> None:
        self._run_id = "" if options.get("assistant") else process_run_id()
        super().__init__(**options)
        self._on_requirements = on_requirements
        self.engine = engine
        self.is_outdated = is_outdated
        self._luigi_results = self._task_result_queue
        self._task_result_queue: Any = TaskResults(self._luigi_results, self._attempts)

    def _attempts(self) -> Iterator[EngineProcess]:
        return (process for process in self._running_tasks.values() if isinstance(process, EngineProcess))

    def _generate_worker_info(self) -> list[tuple[str, object]]:
        """Return the parts of the worker's name, by which others learn for which run it asks for tasks."""
        parts: list[tuple[str, object]] = super()._generate_worker_info()
        return [*parts, (RUN, self._run_id)] if self._run_id else parts

    def _add_task(self, *args: Any, **options: Any) -> None:
        """Tell the scheduler of a task, with how often it may be tried."""
        task = self._scheduled_tasks.get(options["task_id"])
        if task is not None:
            options["retry_policy_dict"] = retry_policy(task)
        if task is not None and options.get("new_deps"):
            self._on_requirements(task, [self._scheduled_tasks[name] for name in options["new_deps"]])
        super()._add_task(*args, **options)

    def _keep_alive(self, get_work_response: GetWorkResponse) -> bool:
        """Return True if this worker, which has nothing to do, is to ask again."""
        if not super()._keep_alive(get_work_response):
            return False
        return self._assistant or can_go_on(self._scheduler, self._first_task or "")

    def _get_work(self) -> GetWorkResponse:
        raise_if_interrupted()
        if not self.is_outdated():
            return super()._get_work()  # type: ignore[no-any-return]
        if not self._running_tasks:
            raise OutdatedError("a run with other code has begun: restart this worker to take part in it")
        return GetWorkResponse(None, [], 0, 0, 0, WORKER_STATE_ACTIVE)

    def _run_task(self, task_id: str) -> None:
        if self._assistant:
            prepare_assistance(self._scheduler, self._scheduled_tasks[task_id])
        super()._run_task(task_id)

    def _create_task_process(self, task: luigi.Task) -> TaskProcess | EngineProcess:
        process: TaskProcess = super()._create_task_process(task)
        process.status_reporter = StatusReporter(process.status_reporter, task)
        if not is_attempt(task):
            return PlainProcess(process, self._luigi_results)
        return EngineProcess(task, process, self.engine, self._on_progress(process.status_reporter))

    def _on_progress(self, reporter: StatusReporter) -> OnProgress:
        """Return what reports an attempt's progress; nobody sees the page of a scheduler in this process."""
        if isinstance(self._scheduler, RemoteScheduler):
            return partial(report_progress, reporter)
        return _ignore

    def _purge_children(self) -> None:
        """Report the processes that died, each once.

        Luigi 3.8 looks for dead processes again before it has read its own report about them. The second
        report then ends the next attempt, which goes on beside the one after it: up to 7 starts in place
        of 4, with several copies at once.
        """
        raise_if_interrupted()
        running = self._running_tasks
        dead = {
            task_id: process
            for task_id, process in running.items()
            if process not in self._reported and not process.is_alive() and process.exitcode
        }
        self._running_tasks = dead
        try:
            super()._purge_children()
        finally:
            self._running_tasks = running
        self._reported = frozenset(running.values()) & (self._reported | frozenset(dead.values()))


def _ignore(_: object) -> None:
    pass
