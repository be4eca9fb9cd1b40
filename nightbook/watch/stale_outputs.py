"""Which outputs of a run a change makes stale, and taking them back so that `resume` makes them anew."""

from collections.abc import Collection

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run
from nightbook.record.write.run_lock import run_lock


def stale_tasks(run: Run, changed: Collection[str]) -> set[str]:
    """The ids of the tasks that run one of the changed notebooks, and of all that depend on them.

    Notebooks are named as ``Task.notebook`` has them: by their path below the folder of notebooks.
    """
    stale: set[str] = set()
    found = {task.task_id for task in run.tasks if task.notebook in changed}
    while found:
        stale |= found
        found = {task.task_id for task in run.tasks if stale.intersection(task.depends_on)} - stale
    return stale


def withdraw_outputs(folder: RunFolder, run: Run, task_ids: Collection[str]) -> None:
    """Make the tasks incomplete; RecordError if the run is being executed.

    An output goes back to the attempt that made it, by one rename: nothing is deleted, and there is
    no moment at which half an output is published.
    """
    with run_lock(folder):
        for task in run.tasks:
            output = folder.task(task.task_id).output
            if task.task_id in task_ids and task.last_attempt and output.exists():
                output.replace(folder.task(task.task_id).attempt(task.last_attempt.number).output)
