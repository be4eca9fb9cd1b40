"""A run as people see it on a terminal: its tasks, its outcome, and the next step."""

import time
from collections.abc import Sequence
from pathlib import Path

from nightbook.cli.program import resume_command
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.format.visible_text import visible_line
from nightbook.record.read.reader import read_run
from nightbook.record.render.failures import failure_lines, waiting_lines
from nightbook.record.render.run_status import RunStatus
from nightbook.record.write.run_lock import is_running
from nightbook.reporting.tables import print_table, task_table


def print_run(folder: RunFolder, metrics: Sequence[str]) -> Outcome:
    """Print what is recorded of the run, with the chosen metrics; return its outcome."""
    run = read_run(folder.path)
    running = is_running(folder)
    print_table(task_table(RunStatus(run, running), metrics, time.time_ns()))
    for problem in run.problems:
        print(visible_line(f"note: {problem}"))
    here = Path.cwd()
    path = folder.path.relative_to(here) if folder.path.is_relative_to(here) else folder.path
    print(f"{'running' if running else run.outcome}: the record is in {path}")
    if run.outcome is not Outcome.SUCCESS and not running:
        print_lines([*failure_lines(run), *waiting_lines(run), _next_step(run, folder)])
    return run.outcome


def print_lines(lines: Sequence[str]) -> None:
    """Print text that may come from a task; control characters, which a terminal would obey, are spelled."""
    for line in lines:
        print(visible_line(line))


def _next_step(run: Run, folder: RunFolder) -> str:
    """Return the command that continues the run."""
    resume = f"`{resume_command(folder)}`"
    if any(task.outcome in (Outcome.FAILURE, Outcome.TIMEOUT) for task in run.tasks):
        return f"fix the cause, then continue with {resume}"
    return f"not all tasks were done: continue with {resume}"
