"""A run as data for programs: ``docs/tracker-data.md`` is the specification."""

from collections.abc import Collection, Mapping
from typing import Any

from nightbook.record.format.model import Artifact, Attempt, Error, LoggedValue, Run, Task, ValueType
from nightbook.tracker.data.variants import logged_params, run_values
from nightbook.tracker.output.run_status import UNREADABLE, Shown, iso_time
from nightbook.tracker.output.urls import RunPlaces, url_of

VERSION = 1
_SECOND = 1_000_000_000
_DATA_PARAM = "data_sha256"
Data = dict[str, Any]


def run_entry(shown: Shown) -> Data:
    """The run in the list of all runs."""
    run, origin = shown.run, shown.run.provenance
    values = run_values(run)
    return {
        **_addresses(run.run_id),
        "outcome": shown.outcome,
        "start": iso_time(run.start_ns),
        "duration_s": _seconds(run.end_ns - run.start_ns),
        "pipeline": run.pipeline,
        "trigger": origin.trigger,
        "branch": origin.branch,
        "revision": origin.revision,
        "pull_request": origin.pull_request,
        "actor": origin.actor,
        "params": values.params,
        "metrics": values.metrics,
        "variants": [{"params": variant.params, "metrics": variant.metrics} for variant in values.variants],
        "problem": "",
    }


def unreadable_entry(run_id: str, start: str, problem: str) -> Data:
    """A record that cannot be read in the list of all runs."""
    empty = ("pipeline", "trigger", "branch", "revision", "pull_request", "actor")
    return {
        **_addresses(run_id),
        "outcome": UNREADABLE,
        "start": start,
        "duration_s": 0,
        **dict.fromkeys(empty, ""),
        "params": {},
        "metrics": {},
        "variants": [],
        "problem": problem,
    }


def run_data(shown: Shown, carried: Collection[str]) -> Data:
    """All of one run; ``carried`` are the places of the files that the site carries."""
    run, origin = shown.run, shown.run.provenance
    return {
        "version": VERSION,
        **run_entry(shown),
        "repository_url": origin.repository_url,
        "ci_run_url": origin.ci_run_url,
        "dirty": origin.dirty,
        "python_version": origin.python_version,
        "os_type": origin.os_type,
        "cpu_count": origin.cpu_count,
        "lock_sha256": origin.lock_sha256,
        "data_sha256": data_sha256(run),
        "packages": list(origin.packages),
        "invocations": run.invocations,
        "problems": list(run.problems),
        "tasks": [_task(shown, task, carried) for task in run.tasks],
    }


def data_sha256(run: Run) -> str:
    """The hash of the run's data, if a notebook logged it; else empty."""
    logged = (logged_params(task).get(_DATA_PARAM) for task in run.tasks)
    return next((value for value in logged if isinstance(value, str)), "")


def _addresses(run_id: str) -> Data:
    places = RunPlaces(run_id)
    return {"run_id": run_id, "url": url_of(places.page), "data": url_of(places.data)}


def _task(shown: Shown, task: Task, carried: Collection[str]) -> Data:
    places = RunPlaces(shown.run.run_id)
    last = task.last_attempt
    values = last.values if last else ()
    return {
        "task_id": task.task_id,
        "name": task.name,
        "url": url_of(places.task(task.task_id)),
        "parameters": task.parameters,
        "depends_on": list(task.depends_on),
        "retry_count": task.retry_count,
        "timeout_s": task.timeout_s,
        "num_cpus": task.num_cpus,
        "outcome": shown.task_outcome(task),
        "duration_s": _seconds(task.duration_ns),
        "params": logged_params(task),
        "metrics": task.metrics,
        "values": {value.name: value.value for value in values if value.type is ValueType.VALUE},
        "series": series_of(values),
        "attempts": [_attempt(shown, task, attempt) for attempt in task.attempts],
        "artifacts": _artifacts(task.task_id, last, places, carried) if last else [],
    }


def series_of(values: Collection[LoggedValue]) -> Mapping[str, list[list[float]]]:
    """The metrics that were logged with a step: for each, its steps and numbers in order."""
    series: dict[str, list[list[float]]] = {}
    for value in values:
        if value.type is ValueType.METRIC and value.step is not None and isinstance(value.value, int | float):
            series.setdefault(value.name, []).append([value.step, value.value])
    return {name: sorted(points, key=lambda point: point[0]) for name, points in series.items()}


def _attempt(shown: Shown, task: Task, attempt: Attempt) -> Data:
    return {
        "number": attempt.number,
        "url": url_of(RunPlaces(shown.run.run_id).attempt(task.task_id, attempt.number)),
        "outcome": shown.attempt_outcome(attempt),
        "offset_s": _seconds(attempt.start_ns - shown.run.start_ns),
        "duration_s": _seconds(attempt.end_ns - attempt.start_ns),
        "error": _error(attempt.error),
    }


def _error(error: Error | None) -> Data | None:
    return {"type": error.type, "message": error.message} if error else None


def _artifacts(task_id: str, attempt: Attempt, places: RunPlaces, carried: Collection[str]) -> list[Data]:
    return [
        _artifact(artifact, places.artifact(task_id, attempt.number, artifact.name), carried)
        for artifact in attempt.artifacts
    ]


def _artifact(artifact: Artifact, place: str, carried: Collection[str]) -> Data:
    return {
        "name": artifact.name,
        "type": artifact.type,
        "media_type": artifact.media_type,
        "size_bytes": artifact.size_bytes,
        "sha256": artifact.sha256,
        "url": url_of(place) if place in carried else "",
        "metadata": artifact.metadata,
    }


def _seconds(ns: int) -> float:
    return round(max(ns, 0) / _SECOND, 3)
