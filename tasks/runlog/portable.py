"""What of a record leaves the machine, as an allow-list of its files.

The *portable* record is without outputs and logs, which may be large or name folders of the machine.
The *compact* record is small enough to be kept for ever, and has all but notebooks and logged files.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from tasks.runlog.values import check_file_name, check_task_id

_SPANS = re.compile(r"[\w%(@\[][^/\\\0]{0,249}\.jsonl")
_REPORTS = frozenset({"dag.mmd", "gantt.mmd", "summary.md"})
_NOTEBOOKS = frozenset({"notebook.ipynb", "notebook.html"})
_ATTEMPT = re.compile(r"attempt-\d{2,6}", re.ASCII)


def is_compact(path: PurePosixPath) -> bool:
    """Whether a file, named relative to the record's folder, is part of the compact record."""
    match path.parts:
        case ("spans", name):
            return bool(_SPANS.fullmatch(name))
        case ("report", name):
            return name in _REPORTS
    return False


def is_portable(path: PurePosixPath) -> bool:
    """Whether a file, named relative to the record's folder, is part of the portable record."""
    match path.parts:
        case ("tasks", *task, attempt, "artifacts", name):
            return _is_attempt(task, attempt) and _is_artifact(name)
        case ("tasks", *task, attempt, name) if name in _NOTEBOOKS:
            return _is_attempt(task, attempt)
    return is_compact(path)


def files_of(record: Path) -> Iterator[PurePosixPath]:
    """All files of a record, relative to its folder, in order. A link is none: it is never followed."""
    for folder, folders, names in os.walk(record):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield PurePosixPath(path.relative_to(record))


def _is_attempt(task: list[str], attempt: str) -> bool:
    try:
        check_task_id("/".join(task))
    except ValueError:
        return False
    return bool(_ATTEMPT.fullmatch(attempt))


def _is_artifact(name: str) -> bool:
    try:
        check_file_name(name)
    except ValueError:
        return False
    return True
