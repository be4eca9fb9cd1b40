"""Which successes of a run are outdated: what they were made from was to be made again, and was not."""

from collections.abc import Mapping

from nightbook.record.format.model import Task
from nightbook.record.format.vocabulary import Outcome


def find_outdated(tasks: Mapping[str, Task]) -> set[str]:
    """Return the ids of tasks that need one whose last attempt came in a later invocation and failed.

    A later invocation tries a task again if its code has changed or its output was withdrawn, and then makes
    all that follows again, too. Records of older versions, whose attempts have no invocation, have none.
    """
    return {task_id for task_id, task in tasks.items() if task.attempts and _is_outdated(task, tasks)}


def _is_outdated(task: Task, tasks: Mapping[str, Task]) -> bool:
    made = task.attempts[-1].invocation
    found, seen = list(task.depends_on), set[str]()
    while found:
        needed = tasks.get(found.pop())
        if needed is None or needed.task_id in seen:
            continue
        seen.add(needed.task_id)
        found += needed.depends_on
        if not needed.attempts:
            continue
        last = needed.attempts[-1]
        if last.invocation > made > 0 and last.outcome is not Outcome.SUCCESS:
            return True
    return False
