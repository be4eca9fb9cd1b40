"""Shows the progress of an attempt on the page of Luigi's scheduler."""

import logging
from typing import Protocol
from urllib.parse import quote

from luigi.rpc import RPCError

from nightbook.execution.attempt import Progress
from nightbook.settings import settings

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
