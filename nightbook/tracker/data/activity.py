"""The activity feed: what happened in each run, what went wrong, and what changed since the run before."""

from collections.abc import Sequence
from dataclasses import dataclass

from nightbook.record.format.model import Json, Outcome
from nightbook.record.format.values import is_finite
from nightbook.record.gate import Comparison
from nightbook.record.goals import Better, Goal
from nightbook.record.render.number_columns import format_numbers
from nightbook.record.render.run_status import UNREADABLE
from nightbook.tracker.data.run_cache import CachedRun
from nightbook.tracker.data.run_entry import RunEntry, TaskEntry
from nightbook.tracker.output.formatting import date_text

_NIGHTLY = "schedule"
_OCCASIONS = {"push": "Push to", "local": "Local run on"}
_MOST_CHANGES = 6
_MISSING = "none"  # of a parameter that only one of two runs has


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A goal's metric, its value in the run, and the difference to the run before."""

    name: str
    value: str
    difference: str = ""
    improved: bool | None = None


@dataclass(frozen=True, slots=True)
class ParamChange:
    """A parameter whose value differs from that in the run before."""

    name: str
    before: Json
    value: Json


@dataclass(frozen=True, slots=True)
class Activity:
    """One run in the feed; ``before`` is the run that it is compared with, if there is one.

    ``failed`` are its tasks that failed, and ``retried`` is how many had several attempts. ``regressions``
    are the metrics that are worse than on the main branch by more than their noise.
    """

    entry: RunEntry
    title: str
    metrics: tuple[MetricChange, ...]
    failed: tuple[TaskEntry, ...]
    retried: int
    tasks: int
    changed_params: tuple[ParamChange, ...]
    before: RunEntry | None
    regressions: tuple[Comparison, ...] = ()


def describe(
    cached: CachedRun,
    before: CachedRun | None,
    goals: Sequence[Goal],
    regressions: Sequence[Comparison] = (),
) -> Activity:
    """Return the activity of a run, compared with the run before."""
    entry = cached.entry
    current = [task for task in cached.tasks if task.outcome != Outcome.REMOVED]
    metrics = tuple(_changes(cached, before, goals))
    return Activity(
        entry=entry,
        title=_title(entry, metrics) + (", regressed" if regressions else ""),
        metrics=metrics,
        failed=tuple(task for task in current if task.outcome not in (Outcome.SUCCESS, Outcome.NOT_RUN)),
        retried=sum(task.attempts > 1 for task in current),
        tasks=len(current),
        changed_params=_changed_params(entry, before.entry) if before else (),
        before=before.entry if before else None,
        regressions=tuple(regressions),
    )


def value_of(run: CachedRun, goal: Goal) -> float | None:
    """Return the run's own value of the goal's metric, else the best of its variants, else None.

    Of several tasks that logged it, or that the goal names, it is the best, too. The table of runs does the
    same. A model that a notebook chose by one metric, such as the smallest loss, need not be the best by
    another; its value then is the run's own.
    """
    entry = run.entry
    names = (goal.metric, *entry.told_apart.get(goal.metric, ()))
    owners = entry.variants if entry.metrics.keys().isdisjoint(names) else (entry,)
    found = [owner.metrics.get(name) for owner in owners for name in names]
    found += _values_of_named_tasks(run, goal)
    numbers = [value for value in found if value is not None and is_finite(value)]
    choose = max if goal.better is Better.HIGHER else min
    return choose(numbers) if numbers else None


def _values_of_named_tasks(run: CachedRun, goal: Goal) -> list[float | None]:
    tasks = run.result.metrics if run.result else {}
    return [metrics.get(metric) for task_id, metrics in tasks.items() if (metric := goal.metric_of(task_id))]


def _changes(run: CachedRun, before: CachedRun | None, goals: Sequence[Goal]) -> Sequence[MetricChange]:
    changes = []
    for goal in goals:
        value, old = value_of(run, goal), value_of(before, goal) if before else None
        if value is None:
            continue
        if old is None:
            changes.append(MetricChange(goal.metric, format_numbers([value])[0]))
            continue
        text, _ = format_numbers([value, old])
        # With as many decimals as the value has: a smaller difference does not count.
        decimals = len(text.partition(".")[2]) if "e" not in text else 0
        difference = round(value - old, decimals)
        improved = None if difference == 0 else (difference > 0) == (goal.better is Better.HIGHER)
        changes.append(
            MetricChange(goal.metric, text, f"{difference:+.{decimals}f}" if difference else "±0", improved)
        )
    return changes


def _title(entry: RunEntry, metrics: Sequence[MetricChange]) -> str:
    """Return a title such as ``Night of 23 November 2026: success, accuracy 0.974``."""
    day = date_text(entry.start)
    if entry.outcome == UNREADABLE:
        return f"Record of {day}: cannot be read"
    if entry.trigger == _NIGHTLY:
        occasion = f"Night of {day}"
    elif entry.pull_request:
        occasion = f"Pull request {entry.pull_request}"
    elif entry.branch:
        occasion = f"{_OCCASIONS.get(entry.trigger, 'Run on')} {entry.branch}, {day}"
    else:
        occasion = f"Run of {day}"
    headline = f", {metrics[0].name} {metrics[0].value}" if metrics else ""
    return f"{occasion}: {entry.outcome}{headline}"


def _changed_params(entry: RunEntry, before: RunEntry) -> tuple[ParamChange, ...]:
    names = dict.fromkeys([*before.params, *entry.params])
    changed = [
        ParamChange(name, before.params.get(name, _MISSING), entry.params.get(name, _MISSING))
        for name in names
        if before.params.get(name) != entry.params.get(name)
    ]
    return tuple(changed[:_MOST_CHANGES])
