"""Tells if a run that does nothing at the moment can still go on."""

from collections.abc import Mapping
from typing import Any

from luigi.task_status import BATCH_RUNNING, DONE, FAILED, PENDING, RUNNING

_GOING_ON = (RUNNING, BATCH_RUNNING, FAILED)  # one that has failed for good is DISABLED


def can_go_on(scheduler: Any, root_id: str) -> bool:
    """Return True if a task that the root needs runs, will be tried again, or can be begun.

    Luigi's worker waits as long as any task is pending, also for one that nothing will ever complete: it
    needs an external task whose data is missing, or more of a resource than there is.
    """
    tasks: Mapping[str, Mapping[str, Any]] = scheduler.dep_graph(root_id)
    if any(task["status"] in _GOING_ON for task in tasks.values()):
        return True
    totals = {resource["name"]: resource["num_total"] for resource in scheduler.resource_list()}
    return any(_can_begin(task, tasks, totals) for task in tasks.values() if task["status"] == PENDING)


def _can_begin(
    task: Mapping[str, Any], tasks: Mapping[str, Mapping[str, Any]], totals: Mapping[str, int]
) -> bool:
    """Return True if a worker may take the task, now or when others have given back what they use."""
    return (
        bool(task["workers"])  # Luigi gives an external task to no worker
        and all(tasks[needed]["status"] == DONE for needed in task["deps"] if needed in tasks)
        # There is one of each resource that luigi.cfg does not name.
        and all(amount <= totals.get(name, 1) for name, amount in (task["resources"] or {}).items())
    )
