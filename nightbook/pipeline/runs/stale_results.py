"""Finds the results of a run that other code has made than today's."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import luigi

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.code.task_code import code_of_class
from nightbook.pipeline.graph.recorded_task import record_id
from nightbook.pipeline.runs.stale_outputs import with_dependents
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.record.format.model import Outcome, Run, Task

STALE = "stale"  # stands for all stale results
_FEW = 3


@dataclass(frozen=True, slots=True)
class StaleResult:
    """A task whose successful attempt was made by other code; ``changed`` are the files that differ."""

    task_id: str
    changed: tuple[str, ...]

    def __str__(self) -> str:
        """``fit-houses (notebooks/fit-houses.py changed since)``."""
        more = len(self.changed) - _FEW
        names = ", ".join(self.changed[:_FEW]) + (f" and {more} more" if more > 0 else "")
        return f"{self.task_id} ({names} changed since)"


def task_code(task: luigi.Task) -> Mapping[str, str]:
    """Return the own files that make the task's result, by path, with their digests."""
    return task.code_digests if isinstance(task, AttemptTask) else code_of_class(type(task))


def find_stale(run: Run, tasks: Iterable[luigi.Task]) -> list[StaleResult]:
    """Return the complete tasks of the run that other code has made, in the order of ``tasks``.

    A result of which the code is not known, as in a record of an older version, is none of them.
    """
    recorded = {task.task_id: task.last_attempt for task in run.tasks}
    found = []
    for task in tasks:
        attempt = recorded.get(record_id(task))
        if attempt is None or attempt.outcome is not Outcome.SUCCESS or attempt.code is None:
            continue
        today = task_code(task)
        names = sorted({*attempt.code, *today})
        changed = tuple(name for name in names if attempt.code.get(name) != today.get(name))
        if changed and task.complete():
            found.append(StaleResult(record_id(task), changed))
    return found


def describe_stale(stale: Sequence[StaleResult], tasks: Sequence[Task]) -> str:
    """Return the sentence about stale results and the other results that follow from them.

    ``tasks`` are those of the run, with their attempts.
    """
    own = {result.task_id for result in stale}
    after = with_dependents(tasks, own) - own
    following = [task.task_id for task in tasks if task.task_id in after and task.outcome is Outcome.SUCCESS]
    text = "stale: " + ", ".join(map(str, stale))
    return f"{text}, and all that follows: {', '.join(following)}" if following else text


def chosen_again(names: Iterable[str], tasks: Sequence[Task], stale: Collection[StaleResult]) -> set[str]:
    """Return the ids of the tasks that ``names`` ask for, and of all that depend on them.

    A name is a task's id, the name of several tasks, or STALE. Raise PipelineError for another.
    """
    chosen: set[str] = set()
    for name in names:
        found = {task.task_id for task in tasks if name in (task.task_id, task.name)}
        if name == STALE:
            found = {result.task_id for result in stale}
        elif not found:
            known = ", ".join(dict.fromkeys(task.task_id for task in tasks))
            raise PipelineError(
                f"there is no task {name!r:.80} to run again: name {STALE}, or one of {known}"
            )
        chosen |= found
    return with_dependents(tasks, chosen)
