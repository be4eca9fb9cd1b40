"""How a running task tells Luigi's scheduler of itself."""

from typing import Any

import luigi
from luigi.task_status import RUNNING
from luigi.worker import TaskStatusReporter


class ExactReporter(TaskStatusReporter):
    """A reporter whose tracking URL does not make luigid forget the task's ``retry_count``.

    Luigi 3.8 sends the URL as if the task were added anew, without its retry policy; luigid then uses
    its default, and tries a failing task again for ever.
    """

    def __init__(self, reporter: TaskStatusReporter, task: luigi.Task) -> None:
        vars(self).update(vars(reporter))
        self._task: Any = task

    def update_tracking_url(self, tracking_url: str) -> None:
        """Show the URL on the scheduler's page."""
        policy = {
            name: getattr(self._task, name)
            for name in ("retry_count", "disable_hard_timeout", "disable_window")
        }
        scheduler: Any = self._scheduler
        scheduler.add_task(
            task_id=self._task_id,
            worker=self._worker_id,
            status=RUNNING,
            tracking_url=tracking_url,
            resources=self._task.process_resources(),
            retry_policy_dict=policy,
        )
