"""Asks a running luigid whether it answers, is paused, or has forgotten a run."""

import urllib.request
from typing import Any, TypeVar

import luigi
from luigi.rpc import RemoteScheduler
from luigi.task_status import DISABLED

from nightbook.pipeline.graph.graph import find_needed
from nightbook.pipeline.tasks.run_task import RunTask
from nightbook.record.format.errors import NightbookError

_ANSWER_TIMEOUT_S = 10
_ATTEMPTS, _WAIT_S = 15, 2
_Scheduler = TypeVar("_Scheduler", bound=RemoteScheduler)


class SchedulerError(NightbookError):
    """A luigid that does not answer, or does not hand out work."""


class SchedulerLostError(SchedulerError):
    """A luigid that has stopped to answer while a run went on."""


def connect(url: str) -> RemoteScheduler:
    """Return a client of the luigid at the URL, which is patient."""
    return with_patience(RemoteScheduler(url))


def with_patience(scheduler: _Scheduler) -> _Scheduler:
    """Return the client of a luigid, set to wait for one that is away.

    A luigid that does not answer may be restarting: each call is tried often, for half a minute. This is
    set here because Luigi warns about its own options `rpc-retry-...` when they are configured.
    """
    vars(scheduler).update(_rpc_retry_attempts=_ATTEMPTS, _rpc_retry_wait=_WAIT_S)
    return scheduler


def check_scheduler(url: str) -> None:
    """Raise SchedulerError, at once, unless something answers at the URL; Luigi would try for minutes."""
    try:
        with urllib.request.urlopen(url, timeout=_ANSWER_TIMEOUT_S):  # noqa: S310 the user's own choice
            pass
    except (OSError, ValueError) as error:
        raise SchedulerError(
            f"no scheduler answers at {url} ({error}): start one with `nightbook scheduler`"
        ) from error


def check_not_paused(url: str) -> None:
    """Raise SchedulerError if somebody has paused the scheduler: it would hand out no work."""
    scheduler: Any = connect(url)  # its methods are made at run time
    if scheduler.is_paused()["paused"]:
        raise SchedulerError(f"the scheduler is paused: press `Resume` on its page {url}, then run again")


def enable_failed_tasks(root: luigi.Task, url: str) -> None:
    """Let the run's tasks be tried again that have used up their attempts, as a resumed run wants.

    A task of Luigi's own is the same in each run: it may have failed in another.
    """
    scheduler: Any = connect(url)
    for needed in find_needed(root):
        if not isinstance(needed, RunTask):
            scheduler.re_enable_task(needed.task_id)
    for task_id, task in scheduler.dep_graph(root.task_id).items():
        if task["status"] == DISABLED:
            scheduler.re_enable_task(task_id)


def has_forgotten(root: luigi.Task, url: str) -> bool:
    """Return True if luigid does not know the run: it was killed, and has restarted without its state."""
    scheduler: Any = connect(url)
    return not scheduler.dep_graph(root.task_id)
