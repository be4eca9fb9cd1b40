"""A lock that lets one invocation at a time work in a run record; it ends with its process."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder

_TRIES, _PAUSE_S = 5, 0.1


@contextmanager
def run_lock(folder: RunFolder) -> Iterator[None]:
    """Make the record's folder and hold its lock; raise RecordError if another invocation holds it."""
    try:
        folder.spans.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(
            f"cannot make the run record {folder.path}: {error.strerror}. "
            "Make the folder writable, or name another with --runs."
        ) from error
    descriptor = os.open(folder.path, os.O_RDONLY)
    try:
        tries = 0
        while not _locked(descriptor, fcntl.LOCK_EX):
            tries += 1
            time.sleep(_PAUSE_S)  # another process may hold it for a moment, in is_running
            if tries < _TRIES:
                continue
            raise RecordError(
                f"run {folder.run_id} is being executed by another process: wait for it, or start a new run"
            )
        yield
    finally:
        os.close(descriptor)


def is_running(folder: RunFolder) -> bool:
    """Return True if some process is executing the run now."""
    return is_locked(folder.path)


def is_locked(folder: Path) -> bool:
    """Return True if some process holds the lock of a folder of the record, which is a run's or a task's."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return not _locked(descriptor, fcntl.LOCK_SH)
    finally:
        os.close(descriptor)


def _locked(descriptor: int, operation: int) -> bool:
    try:
        fcntl.flock(descriptor, operation | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
