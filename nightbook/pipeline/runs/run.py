"""Runs tasks by Luigi: its scheduler and worker, set up so that attempts are retried at once."""

import logging
from contextlib import closing
from pathlib import Path

import luigi
from luigi.rpc import RPCError

from nightbook.execution.engines.registry import find_engine
from nightbook.pipeline.runs.log_file import luigi_log, luigi_log_printed
from nightbook.pipeline.scheduling.assisted_run import declare_for_run
from nightbook.pipeline.scheduling.luigid import (
    SchedulerLostError,
    enable_failed_tasks,
    has_forgotten,
    with_patience,
)
from nightbook.pipeline.scheduling.own_code_scheduler import OwnCodeScheduler
from nightbook.pipeline.worker.worker import OnRequirements, ignore_requirements
from nightbook.pipeline.worker.worker_factory import WorkerFactory
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
        factory = WorkerFactory(engine, on_requirements=on_requirements)
        try:
            if scheduler_url:
                enable_failed_tasks(root, scheduler_url)
            _build([root], workers, scheduler_url, factory)
            while scheduler_url and not root.complete() and has_forgotten(root, scheduler_url):
                _log.warning("the scheduler has restarted and does not know the run: it gets the tasks again")
                _build([root], workers, scheduler_url, factory)
        except RPCError as error:
            raise SchedulerLostError(f"the scheduler at {scheduler_url} was lost: start it again") from error


def work_for_others(*, workers: int, scheduler_url: str, own_code: str) -> None:
    """Run tasks that others have given to the scheduler, until this process is stopped.

    ``own_code`` is the digest of this process's code. When it is given a task of a run with other code, it
    gives the task back and, after its own tasks have ended, raises OutdatedError.
    """
    scheduler = with_patience(OwnCodeScheduler(scheduler_url, own_code))
    luigi.configuration.get_config().set("core", "no_configure_logging", "true")
    try:
        with luigi_log_printed(), closing(find_engine(settings().engine)) as engine:
            workers = engine.capacity or workers
            factory = WorkerFactory(engine, scheduler, declare_for_run)
            _build([], workers, scheduler_url, factory, assistant=True)
    except RPCError as error:
        raise SchedulerLostError(
            f"the scheduler at {scheduler_url} was lost: start it again, then this worker"
        ) from error
    scheduler.check_own()


def _build(
    roots: list[luigi.Task],
    workers: int,
    scheduler_url: str | None,
    factory: WorkerFactory,
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
