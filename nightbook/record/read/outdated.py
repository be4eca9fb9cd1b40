"""Which successes of a run are outdated: what they were made from was to be made again, and was not."""

from collections import defaultdict
from collections.abc import Mapping

from nightbook.record.format.model import Task
from nightbook.record.format.vocabulary import Outcome


def find_outdated(tasks: Mapping[str, Task]) -> set[str]:
    """Return the ids of tasks that need one whose last attempt came in a later invocation and failed.

    A later invocation tries a task again if its code has changed or its output was withdrawn, and then makes
    all that follows again, too. Records of older versions, whose attempts have no invocation, have none.
    """
    needed_by: dict[str, list[str]] = defaultdict(list)
    for task in tasks.values():
        for needed in task.depends_on:
            needed_by[needed].append(task.task_id)
    tried = [(task.task_id, task.attempts[-1]) for task in tasks.values() if task.attempts]
    failed = [(last.invocation, task_id) for task_id, last in tried if last.outcome is not Outcome.SUCCESS]
    newest: dict[str, int] = {}  # the invocation of the newest failure of what a task needs
    for invocation, task_id in sorted(failed, reverse=True):
        found = list(needed_by[task_id])
        while found:
            after = found.pop()
            if after not in newest:
                newest[after] = invocation
                found += needed_by[after]
    return {task_id for task_id, last in tried if newest.get(task_id, 0) > last.invocation > 0}
