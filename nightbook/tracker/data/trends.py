"""Metrics over all runs: one line for each set of parameters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightbook.tracker.data.run_cache import CachedRun
from nightbook.tracker.data.run_entry import RunEntry, TaskEntry
from nightbook.tracker.drawings.line_chart import LineChart, line_chart

MOST_LINES = 16
SPARK_RUNS = 60
MOST_MARKERS = 100  # runs whose values are links; the lines go through all


@dataclass(frozen=True, slots=True)
class Point:
    """A metric of one task of one run."""

    run: RunEntry
    task: TaskEntry
    value: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A metric over the runs that have it, oldest first; ``lines`` are by task id."""

    metric: str
    runs: tuple[RunEntry, ...]
    lines: Mapping[str, tuple[Point | None, ...]]
    left_out: int

    @property
    def chart(self) -> LineChart:
        """The lines, from the oldest run to the newest."""
        return self._drawn(len(self.runs))

    @property
    def spark(self) -> LineChart:
        """The newest values of the lines, for a small drawing."""
        return self._drawn(SPARK_RUNS)

    @property
    def last(self) -> float:
        """The value of the newest run's first task that has one."""
        return next(points[-1].value for points in self.lines.values() if points[-1])

    def _drawn(self, count: int) -> LineChart:
        return line_chart(
            {
                task_id: [point.value if point else None for point in points[-count:]]
                for task_id, points in self.lines.items()
            },
            most_markers=MOST_MARKERS,
        )


def trends(runs: Sequence[CachedRun]) -> list[Trend]:
    """Return the trends of all metrics, in the order in which they were first logged."""
    metrics: dict[str, dict[str, dict[str, Point]]] = {}
    for run in runs:
        for task in run.tasks:
            for metric, value in task.metrics.items():
                of_task = metrics.setdefault(metric, {}).setdefault(task.task_id, {})
                of_task[run.entry.run_id] = Point(run.entry, task, value)
    return [_trend(metric, runs, lines) for metric, lines in metrics.items()]


def _trend(metric: str, runs: Sequence[CachedRun], lines: dict[str, dict[str, Point]]) -> Trend:
    having = [run.entry for run in runs if any(run.entry.run_id in points for points in lines.values())]
    # Lines that only old runs have are left out before those that newer runs continue.
    order = sorted(lines, key=lambda task_id: next(reversed(lines[task_id])), reverse=True)
    kept = [task_id for task_id in lines if task_id in set(order[:MOST_LINES])]
    return Trend(
        metric=metric,
        runs=tuple(having),
        lines={task_id: tuple(lines[task_id].get(run.run_id) for run in having) for task_id in kept},
        left_out=len(lines) - len(kept),
    )
