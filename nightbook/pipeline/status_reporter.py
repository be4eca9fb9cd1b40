"""How a running task tells Luigi's scheduler of itself."""

from copy import copy
from typing import Any

import luigi
from luigi.rpc import RemoteScheduler
from luigi.task_status import RUNNING
from luigi.worker import TaskStatusReporter

_ANSWER_TIMEOUT_S = 2


class ExactReporter(TaskStatusReporter):
    """A reporter that a scheduler neither misunderstands nor keeps waiting.

    Luigi 3.8 sends a tracking URL as if the task were added anew, without its retry policy; luigid then
    uses its default, and tries a failing task again for ever. And while luigid is away each call is
    tried for half a minute, which a notebook would wait for at each of its cells: here it is tried once,
    and a URL that could not be told is told with what comes next.
    """

    def __init__(self, reporter: TaskStatusReporter, task: luigi.Task) -> None:
        vars(self).update(vars(reporter))
        self._task: Any = task
        self._untold_url = ""
        if isinstance(self._scheduler, RemoteScheduler):
            self._scheduler = copy(self._scheduler)
            vars(self._scheduler).update(_connect_timeout=_ANSWER_TIMEOUT_S, _rpc_retry_attempts=1)

    def update_tracking_url(self, tracking_url: str) -> None:
        """Show the URL on the scheduler's page."""
        self._untold_url = tracking_url
        self._tell_url()

    def update_status_message(self, message: str) -> None:
        """Show the message on the scheduler's page."""
        if self._untold_url:
            self._tell_url()
        self._scheduler.set_task_status_message(self._task_id, message)

    def _tell_url(self) -> None:
        policy = {
            name: getattr(self._task, name)
            for name in ("retry_count", "disable_hard_timeout", "disable_window")
        }
        scheduler: Any = self._scheduler
        scheduler.add_task(
            task_id=self._task_id,
            worker=self._worker_id,
            status=RUNNING,
            tracking_url=self._untold_url,
            resources=self._task.process_resources(),
            retry_policy_dict=policy,
        )
        self._untold_url = ""
