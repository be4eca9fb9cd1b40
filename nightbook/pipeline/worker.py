"""Luigi's scheduler and worker, set up so that attempts are counted exactly and retried at once."""

import logging
import os
import sys
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import luigi
from luigi.rpc import RemoteScheduler, RPCError
from luigi.scheduler import WORKER_STATE_ACTIVE, Scheduler
from luigi.task_status import DISABLED
from luigi.worker import GetWorkResponse, TaskProcess, Worker

from nightbook.pipeline.status_reporter import ExactReporter
from nightbook.record.format.errors import NightbookError

_ANSWER_TIMEOUT_S = 10
_log = logging.getLogger("luigi-interface")
_LOGGERS = ("luigi", "luigi-interface", "luigi.scheduler")


class SchedulerError(NightbookError):
    """A luigid that does not answer."""


class OutdatedError(NightbookError):
    """A worker with other code than the run that has begun."""


def check_scheduler(url: str) -> None:
    """SchedulerError, at once, unless something answers at the URL; Luigi would try for minutes."""
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_TIMEOUT_S):  # noqa: S310 the user's own choice
            pass
    except (OSError, ValueError) as error:
        raise SchedulerError(
            f"no scheduler answers at {url} ({error}): start one with `nightbook scheduler`"
        ) from error


def run_tasks(root: luigi.Task, *, workers: int, scheduler_url: str | None, log: Path) -> None:
    """Run all that the root needs, in ``workers`` processes; Luigi's own log goes to ``log``.

    With ``scheduler_url`` a running luigid hands out the work, else a scheduler in this process.
    Whether the run succeeded is for the caller to see from ``root.complete()``: Luigi's own verdict
    is False if any attempt ever failed.
    """
    config = luigi.configuration.get_config()
    config.set("core", "no_configure_logging", "true")
    config.set("resources", "num_cpus", str(workers))
    handler = _LogFile(log, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    try:
        if scheduler_url:
            _check_that_it_works(scheduler_url)
            _enable_again(root, scheduler_url)
        _build([root], workers, scheduler_url)
        while scheduler_url and not root.complete() and _is_forgotten(root, scheduler_url):
            _log.warning("the scheduler has started anew and knows nothing of the run: it is told again")
            _build([root], workers, scheduler_url)
    except RPCError as error:
        raise SchedulerError(
            f"the scheduler at {scheduler_url} was lost: start it again, then "
            f"`{os.environ.get('RESUME_COMMAND', 'nightbook resume')}`"
        ) from error
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()


def work_for_others(*, workers: int, scheduler_url: str, is_outdated: Callable[[], bool]) -> None:
    """Run tasks that others have told the scheduler of, until this process is stopped.

    OutdatedError, once its own tasks have ended, when ``is_outdated`` says that a run has other code.
    """
    luigi.configuration.get_config().set("core", "log_level", "INFO")  # not each question for work
    try:
        _build([], workers, scheduler_url, helper=_Factory(is_outdated))
    except RPCError as error:
        raise SchedulerError(
            f"the scheduler at {scheduler_url} was lost: start it again, then this worker"
        ) from error


def _build(
    roots: list[luigi.Task], workers: int, scheduler_url: str | None, *, helper: "_Factory | None" = None
) -> None:
    luigi.build(
        roots,
        workers=workers,
        local_scheduler=scheduler_url is None,
        scheduler_url=scheduler_url or "",
        assistant=helper is not None,
        worker_scheduler_factory=helper or _Factory(),
    )


def _check_that_it_works(scheduler_url: str) -> None:
    """SchedulerError if somebody has paused the scheduler: it would hand out nothing, and say nothing."""
    known: Any = _Factory().create_remote_scheduler(scheduler_url)
    if known.is_paused()["paused"]:
        raise SchedulerError(
            f"the scheduler is paused: press `Resume` on its page {scheduler_url}, then run again"
        )


def _enable_again(root: luigi.Task, scheduler_url: str) -> None:
    """Let tasks run that failed as often as they may: who resumes a run wants them tried again."""
    known: Any = _Factory().create_remote_scheduler(scheduler_url)
    for task_id, task in known.dep_graph(root.task_id).items():
        if task["status"] == DISABLED:
            known.re_enable_task(task_id)


def _is_forgotten(root: luigi.Task, scheduler_url: str) -> bool:
    """Whether a luigid that was killed has started again without its state."""
    known: Any = _Factory().create_remote_scheduler(scheduler_url)  # its methods are made at run time
    return not known.dep_graph(root.task_id)


class _LogFile(logging.FileHandler):
    """A log that a full disk ends silently: the run record says that the disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 the standard library's name
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)

    def close(self) -> None:
        with suppress(OSError):
            super().close()


class _Factory:
    """What ``luigi.build`` asks for its parts."""

    def __init__(self, is_outdated: Callable[[], bool] = lambda: False) -> None:
        self._is_outdated = is_outdated

    def create_local_scheduler(self) -> Scheduler:
        # A retry comes at once: the delay is there for workers on other machines.
        return Scheduler(prune_on_get_work=True, record_task_history=False, retry_delay=0)

    def create_remote_scheduler(self, url: str) -> RemoteScheduler:
        # A luigid that does not answer may be starting again: ask for half a minute, often. These are
        # set here because Luigi warns of its own options `rpc-retry-...` when they are configured.
        scheduler = RemoteScheduler(url)
        vars(scheduler).update(_rpc_retry_attempts=15, _rpc_retry_wait=2)
        return scheduler

    def create_worker(
        self,
        scheduler: Scheduler | RemoteScheduler,
        worker_processes: int,
        assistant: bool = False,  # noqa: FBT001, FBT002 Luigi's signature
    ) -> Worker:
        worker = ExactWorker(
            scheduler=scheduler,
            worker_processes=worker_processes,
            assistant=assistant,
            force_multiprocessing=True,  # an attempt bounds, and may end, its own process
            keep_alive=True,  # else a worker ends before a failed task is tried again
            check_complete_on_run=True,
            # Asking is cheap within this process, and keeps a luigid of several workers busy. What
            # ends in this worker is seen at once either way.
            wait_interval=0.05 if isinstance(scheduler, Scheduler) else 0.5,
            wait_jitter=0.0,
        )
        worker.is_outdated = self._is_outdated
        return worker


class ExactWorker(Worker):
    """A worker that reports the death of a task's process once.

    Luigi 3.8 looks for dead processes again before it has read its own report of them; the second
    report then ends the next attempt, which goes on beside the one after it: up to 7 starts in
    place of 4, and copies running at once.
    """

    _reported: frozenset[TaskProcess] = frozenset()
    is_outdated: Callable[[], bool]  # asked before each task: if so, it takes none

    def _get_work(self) -> GetWorkResponse:
        if not self.is_outdated():
            return super()._get_work()  # type: ignore[no-any-return]
        if not self._running_tasks:
            raise OutdatedError("a run with other code has begun: start this worker anew to take part in it")
        return GetWorkResponse(None, [], 0, 0, 0, WORKER_STATE_ACTIVE)

    def _create_task_process(self, task: luigi.Task) -> TaskProcess:
        process: TaskProcess = super()._create_task_process(task)
        process.status_reporter = ExactReporter(process.status_reporter, task)
        return process

    def _purge_children(self) -> None:
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


def default_workers() -> int:
    """All processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
