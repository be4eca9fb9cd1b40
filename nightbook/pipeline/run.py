"""Runs tasks by Luigi: its scheduler and worker, set up so that attempts are retried at once."""

import logging
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import luigi
from luigi.rpc import RemoteScheduler, RPCError
from luigi.scheduler import Scheduler

from nightbook.execution.engines.base import Engine
from nightbook.execution.engines.registry import find_engine
from nightbook.pipeline.assisted_run import declare_for_run
from nightbook.pipeline.log_file import luigi_log, luigi_log_printed
from nightbook.pipeline.luigid import (
    SchedulerLostError,
    check_not_paused,
    connect,
    enable_failed_tasks,
    has_forgotten,
)
from nightbook.pipeline.worker import EngineWorker, OnRequirements, ignore_requirements
from nightbook.settings import settings

_log = logging.getLogger("luigi-interface")


def run_tasks(
    root: luigi.Task,
    *,
    workers: int,
    scheduler_url: str | None,
    log: Path,
    on_requirements: OnRequirements = ignore_requirements,
) -> None:
    """Run all tasks that the root needs, ``workers`` at once, and append Luigi's own log to ``log``.

    With ``scheduler_url`` a running luigid hands out the work, else a scheduler in this process. An engine
    with a capacity of its own takes as many tasks at once as it offers. The caller learns from
    ``root.complete()`` if the run succeeded: Luigi's own verdict is False if any attempt ever failed.
    ``on_requirements`` learns what a task asks for while it runs.
    """
    config = luigi.configuration.get_config()
    config.set("core", "no_configure_logging", "true")
    with luigi_log(log), closing(find_engine(settings().engine)) as engine:
        workers = engine.capacity or workers
        config.set("resources", "num_cpus", str(workers))
        factory = _Factory(engine, on_requirements=on_requirements)
        try:
            if scheduler_url:
                check_not_paused(scheduler_url)
                enable_failed_tasks(root, scheduler_url)
            _build([root], workers, scheduler_url, factory)
            while scheduler_url and not root.complete() and has_forgotten(root, scheduler_url):
                _log.warning("the scheduler has restarted and does not know the run: it gets the tasks again")
                _build([root], workers, scheduler_url, factory)
        except RPCError as error:
            raise SchedulerLostError(f"the scheduler at {scheduler_url} was lost: start it again") from error


def work_for_others(*, workers: int, scheduler_url: str, is_outdated: Callable[[], bool]) -> None:
    """Run tasks that others have given to the scheduler, until this process is stopped.

    Raise OutdatedError, after this worker's own tasks have ended, when ``is_outdated`` returns True.
    """
    luigi.configuration.get_config().set("core", "no_configure_logging", "true")
    try:
        with luigi_log_printed(), closing(find_engine(settings().engine)) as engine:
            workers = engine.capacity or workers
            factory = _Factory(engine, is_outdated, declare_for_run)
            _build([], workers, scheduler_url, factory, assistant=True)
    except RPCError as error:
        raise SchedulerLostError(
            f"the scheduler at {scheduler_url} was lost: start it again, then this worker"
        ) from error


def _build(
    roots: list[luigi.Task],
    workers: int,
    scheduler_url: str | None,
    factory: "_Factory",
    *,
    assistant: bool = False,
) -> None:
    luigi.build(
        roots,
        workers=workers,
        local_scheduler=scheduler_url is None,
        scheduler_url=scheduler_url or "",
        assistant=assistant,
        worker_scheduler_factory=factory,
    )


class _Factory:
    """Makes the parts that ``luigi.build`` asks for."""

    def __init__(
        self,
        engine: Engine,
        is_outdated: Callable[[], bool] = lambda: False,
        on_requirements: OnRequirements = ignore_requirements,
    ) -> None:
        self._engine = engine
        self._on_requirements = on_requirements
        self._is_outdated = is_outdated

    def create_local_scheduler(self) -> Scheduler:
        # A retry comes at once: the delay exists for workers on other machines.
        return Scheduler(prune_on_get_work=True, record_task_history=False, retry_delay=0)

    def create_remote_scheduler(self, url: str) -> RemoteScheduler:
        return connect(url)

    def create_worker(
        self,
        scheduler: Scheduler | RemoteScheduler,
        worker_processes: int,
        assistant: bool = False,  # noqa: FBT001, FBT002 Luigi's signature
    ) -> EngineWorker:
        return EngineWorker(
            engine=self._engine,
            is_outdated=self._is_outdated,
            on_requirements=self._on_requirements,
            scheduler=scheduler,
            worker_processes=worker_processes,
            assistant=assistant,
            # Asking is cheap within this process, and keeps a luigid of several workers busy. The end of a
            # task of this worker is noticed at once either way.
            wait_interval=0.05 if isinstance(scheduler, Scheduler) else 0.5,
        )
