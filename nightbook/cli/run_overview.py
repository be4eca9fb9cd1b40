"""A run as people see it on a terminal: its tasks, its outcome, and the next step."""

from collections.abc import Sequence
from pathlib import Path

from nightbook.cli.program import resume_command
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run, Task, TaskKind
from nightbook.record.read.reader import read_run
from nightbook.record.write.run_lock import is_running
from nightbook.reporting.tables import print_table, task_table


def print_run(folder: RunFolder, metrics: Sequence[str]) -> Outcome:
    """Print what is recorded of the run, with the chosen metrics; return its outcome."""
    run = read_run(folder.path)
    print_table(task_table(run, metrics))
    for problem in run.problems:
        print(f"note: {problem}")
    here = Path.cwd()
    path = folder.path.relative_to(here) if folder.path.is_relative_to(here) else folder.path
    running = is_running(folder)
    print(f"{'running' if running else run.outcome}: the record is in {path}")
    if run.outcome is not Outcome.SUCCESS and not running:
        print(_next_step(run, folder))
    return run.outcome


def _next_step(run: Run, folder: RunFolder) -> str:
    """Return which task failed, with which error, and the command that continues the run."""
    resume = f"`{resume_command(folder)}`"
    failed = next((task for task in run.tasks if _has_failed(task)), None)
    if failed is None:
        return f"not all tasks were done: continue with {resume}"
    attempt = failed.attempts[-1]
    error = attempt.error.last_line if attempt.error else attempt.outcome
    # A resume gives each task its attempts anew, and numbers them on.
    planned = f" of {failed.retry_count}" if attempt.number <= failed.retry_count else ""
    shown = attempt.notebook if failed.kind is TaskKind.NOTEBOOK else attempt.output_log
    return (
        f"{failed.task_id} failed in attempt {attempt.number}{planned}: {error}\n"
        f"see {shown} in the record, fix the cause, then continue with {resume}"
    )


def _has_failed(task: Task) -> bool:
    return task.outcome in (Outcome.FAILURE, Outcome.TIMEOUT)
