"""The metrics of a run as a table: a row for each task, the numbers of a column with equal decimals."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightbook.record.format.model import Run, Task
from nightbook.record.render.number_columns import format_numbers

_MOST_COLUMNS = 8
_MOST_ROWS = 300


@dataclass(frozen=True, slots=True)
class MetricTable:
    """The first metrics in columns; the others of each task in a list."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Task, tuple[str, ...]], ...]
    others: tuple[tuple[Task, str, str], ...]


def metric_table(run: Run, preferred: Sequence[str]) -> MetricTable:
    """Return the table of the run's metrics; the preferred ones that were logged are columns."""
    columns = run.headline_metrics(preferred)[:_MOST_COLUMNS]
    tasks = [task for task in run.tasks if not task.metrics.keys().isdisjoint(columns)]
    cells = [format_numbers([task.metrics.get(name) for task in tasks]) for name in columns]
    others = [
        (task, name, format_numbers([number])[0])
        for task in run.tasks
        for name, number in task.metrics.items()
        if name not in columns
    ]
    return MetricTable(
        columns=tuple(columns),
        rows=tuple((task, tuple(row)) for task, *row in zip(tasks, *cells, strict=True))[:_MOST_ROWS],
        others=tuple(others[:_MOST_ROWS]),
    )
