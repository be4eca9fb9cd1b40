"""Luigi's reporter of a running task, as this project needs it."""

from copy import copy
from typing import Any

import luigi
from luigi.rpc import RemoteScheduler
from luigi.task_status import RUNNING
from luigi.worker import TaskStatusReporter

from nightbook.pipeline.tasks.attempt_limit import retry_policy

_ANSWER_TIMEOUT_S = 2


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
