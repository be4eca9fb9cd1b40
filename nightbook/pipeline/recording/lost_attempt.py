"""Records the end of an attempt that could not say itself how it ended: by whoever has noticed."""

import logging
from collections.abc import Sequence
from contextlib import suppress

from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import AttemptFolder, RunFolder, TaskFolder
from nightbook.record.format.model import Error, Outcome, Task
from nightbook.record.read.attempt_ends import find_open
from nightbook.record.write.attempt_recorder import Begun, record_attempt
from nightbook.record.write.run_lock import is_locked

_log = logging.getLogger(__name__)


def record_lost(task: TaskFolder, first: int, outcome: Outcome, error: Error) -> None:
    """Record that an attempt has ended in this way, unless it has recorded its end.

    ``first`` is the number that an attempt of this start has at least: it may not have begun, and is recorded
    as one that ended at once. What cannot be recorded is logged, with the reason of the end.
    """
    newest = task.newest_attempt()
    try:
        if newest is None or newest.number < first:
            with record_attempt(task.next_attempt(), cell_count=0) as recorder:
                recorder.finish(outcome, error)
        else:
            _end(newest, outcome, error)
    except (RecordError, OSError) as unwritable:
        _log.error("%s: %s; it is not in the record: %s", task.task_id, error.last_line, unwritable)


def record_unended(folder: RunFolder, tasks: Sequence[Task]) -> None:
    """Record the ends of attempts of earlier invocations, which were killed together with their run.

    An attempt that goes on, on another machine of the same folder, holds its task's lock.
    """
    message = "its process was killed together with the run, as the next invocation of the run has noticed"
    for task in tasks:
        for attempt in task.attempts:
            if attempt.outcome is Outcome.INTERRUPTED and not _goes_on(folder.task(task.task_id)):
                number = folder.task(task.task_id).attempt(attempt.number)
                _end(number, Outcome.INTERRUPTED, Error("ProcessDied", message, ""), attempt.end_ns)


def _end(attempt: AttemptFolder, outcome: Outcome, error: Error, end_ns: int | None = None) -> None:
    unended = find_open(attempt)
    if unended is None:
        return
    start = unended.start
    begun = Begun(unended.span_id, start.start_ns)
    with record_attempt(attempt, cell_count=start.cell_count, code=start.code, begun=begun) as recorder:
        recorder.finish(outcome, error, end_ns=end_ns)


def _goes_on(task: TaskFolder) -> bool:
    with suppress(FileNotFoundError):
        return is_locked(task.path)
    return False
