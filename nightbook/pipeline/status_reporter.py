"""Reports the progress of a running task to Luigi's scheduler."""

import logging
from copy import copy
from typing import Any, Protocol
from urllib.parse import quote

import luigi
from luigi.rpc import RemoteScheduler, RPCError
from luigi.task_status import RUNNING
from luigi.worker import TaskStatusReporter

from nightbook.execution.attempt import Progress
from nightbook.pipeline.attempt_limit import retry_policy
from nightbook.settings import settings

_ANSWER_TIMEOUT_S = 2
_log = logging.getLogger(__name__)


class Reporter(Protocol):
    """What shows a task's progress on the scheduler's page; Luigi's reporters have these methods."""

    def update_tracking_url(self, tracking_url: str) -> None:
        """Show the URL."""

    def update_status_message(self, message: str) -> None:
        """Show the message."""

    def update_progress_percentage(self, percentage: int) -> None:
        """Show the percentage."""


def report_progress(reporter: Reporter, progress: Progress) -> None:
    """Report an attempt's progress. The attempt goes on if the scheduler cannot be reached."""
    folder, done, count = progress.folder, progress.cells_done, progress.cell_count
    cells = f", {done} of {count} cells" if count else ""
    reported = f"\n{progress.reported}" if progress.reported else ""
    try:
        if not done and not reported and settings().record_url:
            run_id = folder.task.run.run_id
            reporter.update_tracking_url(f"{settings().record_url}/{run_id}/{quote(str(folder.relative))}/")
        reporter.update_status_message(f"attempt {folder.number}{cells}{reported}\n\n{progress.next_cell}")
        reporter.update_progress_percentage(progress.percentage)
    except RPCError as error:
        _log.warning("the scheduler did not get the progress of %s: %s", folder.task.task_id, error)


class StatusReporter(TaskStatusReporter):
    """A reporter that keeps the task's retry policy, and does not wait for a scheduler that is away.

    Luigi 3.8 sends a tracking URL as if it added the task anew, without a retry policy; luigid then uses its
    default, and retries a failing task forever. And while luigid is away, Luigi tries each call for half a
    minute, for which a notebook would wait at each of its cells. Here a call is tried once, and a URL that
    did not arrive is sent again with the next message.
    """

    def __init__(self, reporter: TaskStatusReporter, task: luigi.Task) -> None:
        vars(self).update(vars(reporter))
        self._task: Any = task
        self._unsent_url = ""
        if isinstance(self._scheduler, RemoteScheduler):
            self._scheduler = copy(self._scheduler)
            vars(self._scheduler).update(_connect_timeout=_ANSWER_TIMEOUT_S, _rpc_retry_attempts=1)

    def update_tracking_url(self, tracking_url: str) -> None:
        """Show the URL on the scheduler's page."""
        self._unsent_url = tracking_url
        self._send_url()

    def update_status_message(self, message: str) -> None:
        """Show the message on the scheduler's page."""
        if self._unsent_url:
            self._send_url()
        self._scheduler.set_task_status_message(self._task_id, message)

    def _send_url(self) -> None:
        scheduler: Any = self._scheduler
        scheduler.add_task(
            task_id=self._task_id,
            worker=self._worker_id,
            status=RUNNING,
            tracking_url=self._unsent_url,
            resources=self._task.process_resources(),
            retry_policy_dict=retry_policy(self._task),
        )
        self._unsent_url = ""
