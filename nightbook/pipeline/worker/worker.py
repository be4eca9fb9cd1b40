"""Luigi's worker, with attempts that an engine executes and deaths that are reported once."""

import logging
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, TypeAlias

import luigi
from luigi.event import Event
from luigi.rpc import RemoteScheduler
from luigi.task_status import FAILED, RUNNING
from luigi.worker import GetWorkResponse, TaskProcess, Worker

from nightbook.execution.attempt import OnProgress
from nightbook.execution.engines.base import Engine
from nightbook.execution.processes.interruption import raise_if_interrupted
from nightbook.pipeline.graph.graph import KnownTasks
from nightbook.pipeline.parameters.hidden_parameters import recorded_texts
from nightbook.pipeline.parameters.run_parameters import process_run_id
from nightbook.pipeline.scheduling.assisted_run import RUN, prepare_assistance
from nightbook.pipeline.tasks.attempt_limit import retry_policy
from nightbook.pipeline.tasks.progress_report import report_progress
from nightbook.pipeline.worker.engine_process import EngineProcess
from nightbook.pipeline.worker.plain_process import PlainProcess, is_attempt
from nightbook.pipeline.worker.prospects import can_go_on
from nightbook.pipeline.worker.status_reporter import StatusReporter
from nightbook.pipeline.worker.task_results import TaskResults

OnRequirements: TypeAlias = Callable[[luigi.Task, Sequence[luigi.Task]], None]
"""Called with a task and what it has asked for while it ran, before that is begun."""

_log = logging.getLogger("luigi-interface")


def ignore_requirements(_task: luigi.Task, _required: Sequence[luigi.Task]) -> None:
    """Do nothing: another process records the run."""


class EngineWorker(Worker):
    """A worker that hands the attempts of tasks to an engine.

    It waits for all handles at once, so that a thousand waiting attempts are one process. A task of another
    kind runs in a process of its own, as Luigi has it, which records an attempt too.
    """

    engine: Engine
    _reported: frozenset[TaskProcess] = frozenset()  # those that died

    def __init__(
        self,
        *,
        engine: Engine,
        on_requirements: OnRequirements,
        **options: object,
    ) -> None:
        self._run_id = "" if options.get("assistant") else process_run_id()
        super().__init__(**options)
        self._on_requirements = on_requirements
        self._yielded: dict[str, list[luigi.Task]] = {}
        self.engine = engine
        self._luigi_results = self._task_result_queue
        self._task_result_queue: Any = TaskResults(self._luigi_results, self._attempts)

    def _attempts(self) -> Iterator[EngineProcess]:
        return (process for process in self._running_tasks.values() if isinstance(process, EngineProcess))

    def _generate_worker_info(self) -> list[tuple[str, object]]:
        """Return the parts of the worker's name, by which others learn for which run it asks for tasks."""
        parts: list[tuple[str, object]] = super()._generate_worker_info()
        return [*parts, (RUN, self._run_id)] if self._run_id else parts

    def _add_task(self, *args: Any, **options: Any) -> None:
        """Tell the scheduler of a task, with how often it may be tried, and without hidden values."""
        task = self._scheduled_tasks.get(options["task_id"])
        if task is not None:
            options["retry_policy_dict"] = retry_policy(task)
            if "params" in options:
                options["params"] = recorded_texts(task)
        if task is not None and options.get("new_deps"):
            yielded = [self._scheduled_tasks[name] for name in options["new_deps"]]
            self._yielded.setdefault(task.task_id, []).extend(yielded)
            self._on_requirements(task, yielded)
        super()._add_task(*args, **options)

    def _keep_alive(self, get_work_response: GetWorkResponse) -> bool:
        """Return True if this worker, which has nothing to do, is to ask again."""
        if not super()._keep_alive(get_work_response):
            return False
        return self._assistant or can_go_on(self._scheduler, self._first_task or "")

    def _get_work(self) -> GetWorkResponse:
        raise_if_interrupted()
        return super()._get_work()  # type: ignore[no-any-return]

    def _run_task(self, task_id: str) -> None:
        task = self._scheduled_tasks[task_id]
        if self._assistant:
            prepare_assistance(self._scheduler, task)
        if isinstance(self._scheduler, RemoteScheduler):
            self._tell_retry_policy(task)
        super()._run_task(task_id)

    def _tell_retry_policy(self, task: luigi.Task) -> None:
        """Tell luigid how often the task may be tried: a worker of other code may have given it back."""
        scheduler: Any = self._scheduler  # its methods are made at run time
        scheduler.add_task(
            worker=self._id,
            task_id=task.task_id,
            status=RUNNING,
            runnable=False,
            assistant=self._assistant,
            accepts_messages=task.accepts_messages,
            resources=task.process_resources(),
            priority=task.priority,
            retry_policy_dict=retry_policy(task),
        )

    def _create_task_process(self, task: luigi.Task) -> TaskProcess | EngineProcess:
        process: TaskProcess = super()._create_task_process(task)
        process.status_reporter = StatusReporter(process.status_reporter, task)
        if not is_attempt(task):
            known = KnownTasks(tuple(self._scheduled_tasks.values()), self._yielded)
            return PlainProcess(process, self._luigi_results, known)
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
        for process in dead.values():
            if isinstance(process, PlainProcess):
                process.record_death()
        self._running_tasks = dead
        try:
            super()._purge_children()
        finally:
            self._running_tasks = running
        overdue = self._end_overdue() | self._give_up_silent()
        self._reported = frozenset(running.values()) & (self._reported | frozenset(dead.values()) | overdue)

    def _end_overdue(self) -> frozenset[PlainProcess]:
        """End the tasks of Luigi's own whose time is over, and return their processes."""
        plain = [process for process in self._running_tasks.values() if isinstance(process, PlainProcess)]
        overdue = frozenset(process for process in plain if process.is_alive() and process.limit.is_over())
        for process in overdue:
            message = process.time_out()
            _log.info("%s: %s", process.task, message)
            self._task_result_queue.put((process.task.task_id, FAILED, message, [], []))
        return overdue

    def _give_up_silent(self) -> frozenset[PlainProcess]:
        """Fail the tasks whose processes ended well and handed on no result, and return the processes.

        Luigi 3.8 would wait for them for ever, as for one that calls ``os._exit(0)``. What a process has
        handed on is in the queue by its end.
        """
        plain = [process for process in self._running_tasks.values() if isinstance(process, PlainProcess)]
        ended = [process for process in plain if process not in self._reported and process.exitcode == 0]
        results: Any = self._task_result_queue
        silent = frozenset(process for process in ended if not results.may_have(process.task.task_id))
        for process in silent:
            message = process.record_death()
            process.task.trigger_event(Event.PROCESS_FAILURE, process.task, message)
            results.put((process.task.task_id, FAILED, message, [], []))
        return silent


def _ignore(_: object) -> None:
    pass
