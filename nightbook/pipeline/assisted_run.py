"""The run to which a task belongs that a scheduler has handed to another worker than the run's own."""

from typing import Any

import luigi

from nightbook.pipeline.parameters import use_run_id
from nightbook.pipeline.task_record import leave_out


def prepare_assistance(scheduler: Any, task: luigi.Task) -> None:
    """Let this process work for the newest run that needs the task.

    A task of Luigi's own has no run id; the tasks that need it have one. Run ids begin with their time.
    """
    needing = scheduler.inverse_dep_graph(task.task_id)
    run_ids = [one["params"]["run_id"] for one in needing.values() if one.get("params", {}).get("run_id")]
    if run_ids:
        use_run_id(max(run_ids))
    if len(needing) == 1 and isinstance(task, luigi.WrapperTask):
        leave_out(task)
