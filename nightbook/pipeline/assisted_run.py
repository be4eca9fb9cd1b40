"""The run to which a task belongs that a scheduler has handed to another worker than the run's own."""

from typing import Any

import luigi

from nightbook.pipeline.parameters import use_run_id
from nightbook.pipeline.task_record import leave_out


def prepare_assistance(scheduler: Any, task: luigi.Task) -> None:
    """Let this process work for the newest run that needs the task."""
    needing = scheduler.inverse_dep_graph(task.task_id)
    if run_id := _newest_run(needing):
        use_run_id(run_id)
    if len(needing) == 1 and isinstance(task, luigi.WrapperTask):
        leave_out(task)


def find_run(scheduler: Any, task_id: str) -> str:
    """Return the id of the newest run that needs the task, or an empty string if none does."""
    return _newest_run(scheduler.inverse_dep_graph(task_id))


def _newest_run(needing: Any) -> str:
    """Return the greatest of the tasks' run ids, which begin with their time.

    A task of Luigi's own has no run id; the tasks that need it have one.
    """
    return max((str(task.get("params", {}).get("run_id") or "") for task in needing.values()), default="")
