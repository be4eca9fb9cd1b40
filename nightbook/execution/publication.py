"""Publishing the output of an attempt: one rename, which counts once the attempt's success is recorded.

A process that is killed between the two leaves a folder that nobody takes for a result. The next attempt
puts it back where it came from.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from nightbook.record.format.errors import NightbookError
from nightbook.record.format.layout import AttemptFolder, TaskFolder
from nightbook.record.read.attempt_ends import has_succeeded
from nightbook.record.write.publication import publish_output

_MISPLACED = "misplaced-output"
_being_checked: set[TaskFolder] = set()


class PublicationError(NightbookError):
    """An output that cannot be published."""


def is_published(task: TaskFolder) -> bool:
    """Return True if the task is complete by its record: see ``has_succeeded``."""
    return has_succeeded(task) or (task in _being_checked and task.output.exists())


def publish(attempt: AttemptFolder) -> None:
    """Rename the attempt's output to the task's, once it is on the disk.

    Raise PublicationError if something has taken its place.
    """
    place = attempt.task.output
    if place.exists() or place.is_symlink():
        raise PublicationError(
            f"{place} was made while the attempt ran, and its output cannot be published there: "
            "write to output_dir, and to no other folder of the record"
        )
    publish_output(attempt)


def withdraw(attempt: AttemptFolder) -> None:
    """Give the task's output back to the attempt that has published it."""
    attempt.task.output.replace(attempt.output)


def put_aside(attempt: AttemptFolder) -> None:
    """Clear the place of the task's output for an attempt that begins; nothing is deleted.

    What is there was published by an attempt that was killed before its end, to which it returns, or was
    made by a notebook.
    """
    place, before = attempt.task.output, attempt.number - 1
    if not (place.exists() or place.is_symlink()):
        return
    made_by = attempt.task.attempt(before)
    if before and made_by.path.exists() and not made_by.output.exists():
        place.replace(made_by.output)
    else:
        place.replace(attempt.path / _MISPLACED)


@contextmanager
def taken_as_complete(task: TaskFolder) -> Iterator[None]:
    """Let the task be complete for this process before its success is recorded, so that it can be checked."""
    _being_checked.add(task)
    try:
        yield
    finally:
        _being_checked.discard(task)
