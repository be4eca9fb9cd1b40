"""The attempts of a run, as its folders show them while it goes on."""

import re
from collections.abc import Iterator
from pathlib import Path

from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.names import check_task_id

_NAME = re.compile(r"attempt-(\d{2,6})", re.ASCII)


def attempts_of(run: RunFolder) -> list[AttemptFolder]:
    """Return all attempts that have begun, by task and number."""
    tasks = run.path / "tasks"
    found = [attempt for name in _folders(tasks) for attempt in _attempts(run, tasks, name)]
    return sorted(found, key=lambda attempt: (attempt.task.task_id, attempt.number))


def _attempts(run: RunFolder, tasks: Path, name: str) -> Iterator[AttemptFolder]:
    """Yield the attempts of a task without parameters, and those of each set of parameters."""
    for below in _folders(tasks / name):
        yield from _attempt(run, name, below)
        for deeper in _folders(tasks / name / below):
            yield from _attempt(run, f"{name}/{below}", deeper)


def _attempt(run: RunFolder, task_id: str, name: str) -> Iterator[AttemptFolder]:
    number = _NAME.fullmatch(name)
    if number is None:
        return
    try:
        yield run.task(check_task_id(task_id)).attempt(int(number[1]))
    except ValueError:  # a folder that no task of ours has made
        return


def _folders(path: Path) -> list[str]:
    try:
        return [entry.name for entry in path.iterdir() if entry.is_dir() and not entry.is_symlink()]
    except OSError:  # it is gone, or may not be read
        return []
