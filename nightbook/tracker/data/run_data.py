"""All of one run as data for programs: ``docs/tracker-data.md`` describes the fields, in this order."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nightbook.record.format.model import Artifact, Attempt, Error, Json, LoggedValue, Run, Task, ValueType
from nightbook.record.render.run_status import RunStatus
from nightbook.tracker.data.run_entry import seconds
from nightbook.tracker.data.variants import logged_params
from nightbook.tracker.output.urls import RunPaths, url_of

_DATA_PARAM = "data_sha256"
Series = list[tuple[int, float]]  # steps and numbers


@dataclass(frozen=True, slots=True)
class ErrorData:
    """Why an attempt did not succeed."""

    type: str
    message: str


@dataclass(frozen=True, slots=True)
class AttemptData:
    """An attempt; ``offset_s`` counts from the run's start."""

    number: int
    url: str
    outcome: str
    offset_s: float
    duration_s: float
    error: ErrorData | None


@dataclass(frozen=True, slots=True)
class ArtifactData:
    """A logged file; ``url`` is empty if the site does not carry it."""

    name: str
    type: str
    media_type: str
    size_bytes: int
    sha256: str
    url: str
    metadata: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class TaskData:
    """A task; its values and artifacts are those of the last attempt."""

    task_id: str
    name: str
    url: str
    parameters: Mapping[str, Json]
    depends_on: tuple[str, ...]
    retry_count: int
    timeout_s: float
    num_cpus: int
    outcome: str
    duration_s: float
    params: Mapping[str, Json]
    metrics: Mapping[str, float]
    values: Mapping[str, Json]
    series: Mapping[str, Series]
    attempts: tuple[AttemptData, ...]
    artifacts: tuple[ArtifactData, ...]


@dataclass(frozen=True, slots=True)
class RunData:
    """What a run has besides its entry in the list of all runs."""

    repository_url: str
    ci_run_url: str
    dirty: bool
    python_version: str
    os_type: str
    cpu_count: int
    lock_sha256: str
    data_sha256: str
    packages: tuple[str, ...]
    invocations: int
    problems: tuple[str, ...]
    tasks: tuple[TaskData, ...]


def run_data(status: RunStatus, carried: Collection[str]) -> RunData:
    """Return the run's data; ``carried`` are the paths of the files that the site carries."""
    run, origin = status.run, status.run.provenance
    return RunData(
        repository_url=origin.repository_url,
        ci_run_url=origin.ci_run_url,
        dirty=origin.dirty,
        python_version=origin.python_version,
        os_type=origin.os_type,
        cpu_count=origin.cpu_count,
        lock_sha256=origin.lock_sha256,
        data_sha256=data_sha256(run),
        packages=origin.packages,
        invocations=run.invocations,
        problems=run.problems,
        tasks=tuple(_task(status, task, carried) for task in run.tasks),
    )


def data_sha256(run: Run) -> str:
    """Return the hash of the run's data if a notebook logged it, else an empty text."""
    logged = (logged_params(task).get(_DATA_PARAM) for task in run.tasks)
    return next((value for value in logged if isinstance(value, str)), "")


def series_of(values: Collection[LoggedValue]) -> Mapping[str, Series]:
    """Return the metrics that were logged with a step: for each, its steps and numbers in order."""
    series: dict[str, Series] = {}
    for value in values:
        if value.type is ValueType.METRIC and value.step is not None and isinstance(value.value, int | float):
            series.setdefault(value.name, []).append((value.step, value.value))
    return {name: sorted(points, key=lambda point: point[0]) for name, points in series.items()}


def _task(status: RunStatus, task: Task, carried: Collection[str]) -> TaskData:
    paths = RunPaths(status.run.run_id)
    last = task.last_attempt
    values = last.values if last else ()
    return TaskData(
        task_id=task.task_id,
        name=task.name,
        url=url_of(paths.task(task.task_id)),
        parameters=task.parameters,
        depends_on=task.depends_on,
        retry_count=task.retry_count,
        timeout_s=task.timeout_s,
        num_cpus=task.num_cpus,
        outcome=status.task_outcome(task),
        duration_s=seconds(task.duration_ns),
        params=logged_params(task),
        metrics=task.metrics,
        values={value.name: value.value for value in values if value.type is ValueType.VALUE},
        series=series_of(values),
        attempts=tuple(_attempt(status, task, attempt) for attempt in task.attempts),
        artifacts=_artifacts(task.task_id, last, paths, carried) if last else (),
    )


def _attempt(status: RunStatus, task: Task, attempt: Attempt) -> AttemptData:
    return AttemptData(
        number=attempt.number,
        url=url_of(RunPaths(status.run.run_id).attempt(task.task_id, attempt.number)),
        outcome=status.attempt_outcome(attempt),
        offset_s=seconds(attempt.start_ns - status.run.start_ns),
        duration_s=seconds(attempt.end_ns - attempt.start_ns),
        error=_error(attempt.error),
    )


def _error(error: Error | None) -> ErrorData | None:
    return ErrorData(error.type, error.message) if error else None


def _artifacts(
    task_id: str, attempt: Attempt, paths: RunPaths, carried: Collection[str]
) -> tuple[ArtifactData, ...]:
    return tuple(
        _artifact(artifact, paths.artifact(task_id, attempt.number, artifact.name), carried)
        for artifact in attempt.artifacts
    )


def _artifact(artifact: Artifact, path: str, carried: Collection[str]) -> ArtifactData:
    return ArtifactData(
        name=artifact.name,
        type=artifact.type,
        media_type=artifact.media_type,
        size_bytes=artifact.size_bytes,
        sha256=artifact.sha256,
        url=url_of(path) if path in carried else "",
        metadata=artifact.metadata,
    )
