"""Tables of runs and tasks for a terminal."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from nightbook.record.format.model import Outcome, Run
from nightbook.record.format.visible_text import visible_line
from nightbook.record.gate import Comparison, Verdict
from nightbook.record.render.comparison import comparison_numbers, verdict_text
from nightbook.record.render.durations import format_duration
from nightbook.record.render.number_columns import format_numbers
from nightbook.record.render.plain_text import outcome_text
from nightbook.record.render.run_status import RUNNING, RunStatus
from nightbook.reporting.outcome_style import outcome_style

_PIPE_WIDTH = 140
_RUNNING = Text("▶ running", "cyan")


def print_table(table: Table) -> None:
    """Print the table to standard output, in the terminal's width."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_PIPE_WIDTH)
    console.print(table)


def task_table(status: RunStatus, metrics: Sequence[str], now_ns: int) -> Table:
    """Return a table of the run's tasks: outcome, attempts, duration, and the metrics that the run has.

    A task that runs has its duration up to now.
    """
    run = status.run
    chosen = run.headline_metrics(metrics)
    table = _table("task", "outcome", right=["attempts", "duration", *chosen])
    columns = [format_numbers([task.metrics.get(name) for task in run.tasks]) for name in chosen]
    for task, *numbers in zip(run.tasks, *columns, strict=True):
        table.add_row(
            Text(task.task_id),
            _RUNNING if status.task_outcome(task) == RUNNING else _outcome(task.outcome),
            str(len(task.attempts)),
            format_duration(status.duration_ns(task, now_ns)) if task.attempts else "",
            *numbers,
        )
    return table


def run_table(runs: Sequence[tuple[Run, bool]]) -> Table:
    """Return a table of the runs; each comes with True if it is going on."""
    table = _table(
        "run", "outcome", "pipeline", "started (UTC)", "branch", "commit", right=["tasks", "duration"]
    )
    for run, running in runs:
        done = sum(task.outcome is Outcome.SUCCESS for task in run.tasks)
        started = datetime.fromtimestamp(run.start_ns / 1e9, UTC)
        table.add_row(
            run.run_id,
            _RUNNING if running else _outcome(run.outcome),
            Text(visible_line(run.pipeline)),
            f"{started:%Y-%m-%d %H:%M:%S}",
            Text(visible_line(run.provenance.branch)),
            Text(visible_line(run.provenance.revision[:9])),
            f"{done}/{len(run.current_tasks)}",
            format_duration(run.end_ns - run.start_ns),
        )
    return table


def comparison_table(comparisons: Sequence[Comparison]) -> Table:
    """Return a table that compares the metrics of a run with those of the main branch."""
    table = _table(
        "verdict", "task", "metric", right=["value", "latest", "median", "difference", "band", "runs"]
    )
    for each in comparisons:
        style = "red" if each.verdict is Verdict.REGRESSED else ""
        table.add_row(
            Text(verdict_text(each.verdict), style),
            Text(each.task_id),
            Text(each.goal.metric),
            *comparison_numbers(each),
        )
    return table


def _table(*left: str, right: Sequence[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in left:
        table.add_column(name, overflow="fold", no_wrap=name == "outcome", min_width=min(len(name), 8))
    for name in right:
        table.add_column(name, justify="right", no_wrap=True, overflow="ellipsis")
    return table


def _outcome(outcome: Outcome) -> Text:
    return Text(outcome_text(outcome), outcome_style(outcome))
