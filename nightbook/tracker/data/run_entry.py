"""A run and its tasks in short: what the list of all runs and the pages over all runs need of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from nightbook.record.format.model import Json, Task
from nightbook.record.format.units import NS_PER_S
from nightbook.record.goals import Goal
from nightbook.record.render.run_status import UNREADABLE, RunStatus
from nightbook.record.render.times import iso_time
from nightbook.tracker.data.variants import Variant, run_values
from nightbook.tracker.output.urls import RunPaths, url_of


@dataclass(frozen=True, slots=True)
class RunEntry:
    """A run in the list of all runs: ``docs/tracker-data.md`` describes the fields, in this order.

    ``problem`` says why the record cannot be read; it is empty for one that can.
    """

    run_id: str
    url: str
    data: str
    outcome: str
    start: str
    duration_s: float
    pipeline: str = ""
    trigger: str = ""
    branch: str = ""
    revision: str = ""
    pull_request: str = ""
    actor: str = ""
    params: Mapping[str, Json] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    variants: tuple[Variant, ...] = ()
    told_apart: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task of a run; ``attempts`` is their number, ``error`` the first line of the last one's error."""

    task_id: str
    name: str
    parameters: Mapping[str, Json]
    url: str
    outcome: str
    metrics: Mapping[str, float]
    attempts: int
    error: str


def run_entry(status: RunStatus, goals: Sequence[Goal]) -> RunEntry:
    """Return the entry of a run that can be read; ``goals`` may name a metric by its task."""
    run, origin = status.run, status.run.provenance
    paths, values = RunPaths(run.run_id), run_values(run, goals)
    return RunEntry(
        run_id=run.run_id,
        url=url_of(paths.page),
        data=url_of(paths.data),
        outcome=status.outcome,
        start=iso_time(run.start_ns),
        duration_s=seconds(run.end_ns - run.start_ns),
        pipeline=run.pipeline,
        trigger=origin.trigger,
        branch=origin.branch,
        revision=origin.revision,
        pull_request=origin.pull_request,
        actor=origin.actor,
        params=values.params,
        metrics=values.metrics,
        variants=values.variants,
        told_apart=values.told_apart,
    )


def unreadable_entry(run_id: str, start: str, problem: str) -> RunEntry:
    """Return the entry of a record that cannot be read."""
    paths = RunPaths(run_id)
    return RunEntry(
        run_id=run_id,
        url=url_of(paths.page),
        data=url_of(paths.data),
        outcome=UNREADABLE,
        start=start,
        duration_s=0,
        problem=problem,
    )


def task_entries(status: RunStatus) -> tuple[TaskEntry, ...]:
    """Return the entries of a run's tasks, in the run's order."""
    paths = RunPaths(status.run.run_id)
    return tuple(
        TaskEntry(
            task_id=task.task_id,
            name=task.name,
            parameters=task.parameters,
            url=url_of(paths.task(task.task_id)),
            outcome=status.task_outcome(task),
            metrics=task.metrics,
            attempts=len(task.attempts),
            error=_last_error(task),
        )
        for task in status.run.tasks
    )


def seconds(ns: int) -> float:
    """Return nanoseconds as seconds, to the millisecond; 0 for a negative number."""
    return round(max(ns, 0) / NS_PER_S, 3)


def _last_error(task: Task) -> str:
    error = task.last_attempt.error if task.last_attempt else None
    return error.last_line if error else ""
