"""The step that publishes an attempt's output, made so that it is true after a power loss, too."""

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from nightbook.record.format.layout import AttemptFolder

_NOT_SUPPORTED = {errno.EINVAL, errno.ENOTSUP}  # some network file systems sync no folders


def publish_output(attempt: AttemptFolder) -> None:
    """Rename the attempt's output folder to that of its task, in one step.

    A file system may keep the new name and lose what was in the files, unless they are on the disk before. So
    is what the attempt has logged: a task with an output is not run again. Raise OSError if the disk fails.
    """
    for path in _contents(attempt):
        _sync(path)
    attempt.output.replace(attempt.task.output)
    _sync(attempt.task.path)


def _contents(attempt: AttemptFolder) -> Iterator[Path]:
    """Return the files and folders that must be on the disk, each folder after what is in it."""
    yield attempt.notebook_spans
    yield attempt.task.run.spans
    for folder in (attempt.artifacts, attempt.output):
        for path, _, names in os.walk(folder, topdown=False):
            yield from (Path(path, name) for name in names)
            yield Path(path)


def _sync(path: Path) -> None:
    """Wait until a file or folder is on the disk; do nothing about what is neither, or may not be read."""
    try:
        if not stat.S_ISREG(mode := path.lstat().st_mode) and not stat.S_ISDIR(mode):
            return
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except (FileNotFoundError, PermissionError):
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _NOT_SUPPORTED:
            raise
    finally:
        os.close(descriptor)
