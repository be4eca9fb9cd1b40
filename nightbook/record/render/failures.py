"""What went wrong in a run, as lines of text: all failed tasks, and what was not run because of them."""

import re
from collections.abc import Iterator

from nightbook.record.format.model import Attempt, Outcome, Run, Task, TaskKind

_TRACEBACK_LINES = 8
_LINE_LENGTH = 300
_MOST_TASKS = 20
_PYTHON_PLACE = re.compile(r'File "(?P<file>[^"\n]+)", line (?P<line>\d+)')
_IPYTHON_PLACE = re.compile(r"^(?P<file>(?:File )?\S.*?):(?P<line>\d+)(?:, in |$)", re.MULTILINE)
_CELL_PLACE = re.compile(r"^ *Cell In\[\d+\], line (?P<line>\d+)", re.MULTILINE)
_LIBRARIES = ("site-packages/", "/lib/python", "nightbook/pipeline/", "nightbook/execution/", "<frozen ")


def failure_lines(run: Run) -> list[str]:
    """Return lines on each task whose last attempt failed: its error, its place, its traceback."""
    failed = [task for task in run.tasks if task.outcome in (Outcome.FAILURE, Outcome.TIMEOUT)]
    lines = [line for task in failed[:_MOST_TASKS] for line in _task_lines(task, task.attempts[-1])]
    return [*lines, *_rest(len(failed))]


def waiting_lines(run: Run) -> list[str]:
    """Return a line on each task that was not run, or not to its end, with the tasks for which it waits."""
    tasks = {task.task_id: task for task in run.tasks}
    lines = []
    for task in run.tasks:
        if task.outcome not in (Outcome.NOT_RUN, Outcome.INTERRUPTED):
            continue
        needed = [tasks[name] for name in task.depends_on if name in tasks]
        unmet = [_reason(one) for one in needed if one.outcome is not Outcome.SUCCESS]
        waits = f", waits for {', '.join(unmet[:_MOST_TASKS])}" if unmet else ""
        interrupted = task.outcome is Outcome.INTERRUPTED and not unmet
        error = task.attempts[-1].error if interrupted else None
        why = f": {error.last_line}" if error else waits
        lines.append(f"{'interrupted' if interrupted else 'not run'}: {task.task_id}{why}"[:_LINE_LENGTH])
    return [*lines[:_MOST_TASKS], *_rest(len(lines))]


def failure_place(task: Task, attempt: Attempt) -> str:
    """Return where an attempt failed: the notebook's cell, and file and line of the innermost own frame."""
    places = [_cell(task, attempt), _place(attempt.error.traceback) if attempt.error else ""]
    return ", ".join(place for place in places if place)


def _rest(count: int) -> list[str]:
    return [f"and {count - _MOST_TASKS} more"] if count > _MOST_TASKS else []


def _reason(task: Task) -> str:
    """Return the task's id, with the reason where it has no attempts of its own: its data is missing."""
    error = task.attempts[-1].error if task.attempts else None
    return f"{task.task_id}: {error.message}" if error and error.type == "MissingData" else task.task_id


def _task_lines(task: Task, attempt: Attempt) -> Iterator[str]:
    error = attempt.error
    # A resume gives each task its attempts anew, and numbers them on.
    planned = f" of {task.retry_count}" if attempt.number <= task.retry_count else ""
    summary = error.last_line if error else attempt.outcome
    yield _cut(f"{task.task_id} failed in attempt {attempt.number}{planned}: {summary}")
    if place := failure_place(task, attempt):
        yield _cut(f"  at {place}")
    if error:
        lines = [line for line in error.traceback.splitlines() if line.strip()]
        yield from (_cut(f"  | {line}") for line in lines[-_TRACEBACK_LINES:])
    shown = attempt.notebook if task.kind is TaskKind.NOTEBOOK else attempt.folder / "output.log"
    yield f"  see {shown} in the record"


def _cell(task: Task, attempt: Attempt) -> str:
    failed = [cell.index for cell in attempt.cells if cell.failed]
    return f"{task.notebook}, cell {failed[-1]}" if failed else ""


def _place(traceback: str) -> str:
    """Return the file and the line of the innermost frame of a forker's code; empty if there is none."""
    found = [match for pattern in (_PYTHON_PLACE, _IPYTHON_PLACE) for match in pattern.finditer(traceback)]
    own = [match for match in found if not any(part in match["file"] for part in _LIBRARIES)]
    if own:
        return f"{own[-1]['file'].removeprefix('File ')}, line {own[-1]['line']}"
    in_cells = list(_CELL_PLACE.finditer(traceback))
    return f"line {in_cells[-1]['line']}" if in_cells else ""


def _cut(line: str) -> str:
    return line if len(line) <= _LINE_LENGTH else f"{line[:_LINE_LENGTH]}..."
