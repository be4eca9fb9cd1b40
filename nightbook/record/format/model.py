"""A run as data: what the reader returns and every page, diagram and table is made from.

Times are integer nanoseconds since the epoch, UTC. Everything is frozen; paths are relative to the
record's folder.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

_FEW = 4


class Outcome(StrEnum):
    """How a run, task or attempt ended."""

    SUCCESS = "success"
    FAILURE = "failure"
    TIMEOUT = "timeout"
    INTERRUPTED = "interrupted"
    NOT_RUN = "not run"  # tasks only: no attempt was made

    @property
    def failed(self) -> bool:
        """Whether an attempt with this outcome went wrong."""
        return self in (Outcome.FAILURE, Outcome.TIMEOUT, Outcome.INTERRUPTED)


class ValueType(StrEnum):
    """Which function logged a value."""

    PARAM = "param"
    METRIC = "metric"
    VALUE = "value"


class ArtifactType(StrEnum):
    """What an artifact is to a person."""

    FIGURE = "figure"
    IMAGE = "image"
    TABLE = "table"
    TEXT = "text"
    DATA = "data"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class LoggedValue:
    """One named value; ``step`` orders the values of a series."""

    name: str
    type: ValueType
    value: Json
    step: int | None
    time_ns: int


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file logged by an attempt."""

    name: str
    type: ArtifactType
    media_type: str
    size_bytes: int
    sha256: str
    path: PurePosixPath
    metadata: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cell:
    """One executed code cell; ``index`` counts the code cells from 1."""

    index: int
    start_ns: int
    end_ns: int
    failed: bool


@dataclass(frozen=True, slots=True)
class Error:
    """Why an attempt did not succeed. The traceback is plain text, without terminal colours."""

    type: str
    message: str
    traceback: str

    @property
    def last_line(self) -> str:
        """The line a person reads first: ``Type: first line of the message``."""
        first = self.message.strip().split("\n", 1)[0]
        return f"{self.type}: {first}" if first else self.type


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a task's ``run()``. An interrupted attempt ends with the last thing it wrote."""

    number: int
    outcome: Outcome
    start_ns: int
    end_ns: int
    cell_count: int
    folder: PurePosixPath
    cells: tuple[Cell, ...] = ()
    values: tuple[LoggedValue, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    error: Error | None = None

    @property
    def notebook(self) -> PurePosixPath:
        """The executed notebook, partial if the attempt did not succeed."""
        return self.folder / "notebook.ipynb"

    @property
    def html(self) -> PurePosixPath:
        """The executed notebook as an HTML fragment."""
        return self.folder / "notebook.html"

    @property
    def metrics(self) -> dict[str, float]:
        """The last number logged under each metric's name."""
        return {
            value.name: value.value
            for value in self.values
            if value.type is ValueType.METRIC and isinstance(value.value, int | float)
        }


@dataclass(frozen=True, slots=True)
class Task:
    """One notebook with one set of parameters, as declared, and its attempts in order."""

    task_id: str
    name: str
    parameters: Mapping[str, Json]
    notebook: str
    retry_count: int
    timeout_s: float
    num_cpus: int
    depends_on: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The outcome of the last attempt."""
        return self.attempts[-1].outcome if self.attempts else Outcome.NOT_RUN

    @property
    def last_attempt(self) -> Attempt | None:
        """The attempt whose values and artifacts count."""
        return self.attempts[-1] if self.attempts else None

    @property
    def duration_ns(self) -> int:
        """The time spent on all attempts, without the pauses between them."""
        return sum(attempt.end_ns - attempt.start_ns for attempt in self.attempts)

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the last attempt."""
        return self.attempts[-1].metrics if self.attempts else {}


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a run comes from. Empty strings stand for what was not known."""

    trigger: str = "local"
    actor: str = ""
    repository_url: str = ""
    revision: str = ""
    branch: str = ""
    pull_request: str = ""
    dirty: bool = False
    ci_run_url: str = ""
    python_version: str = ""
    os_type: str = ""
    cpu_count: int = 0
    lock_sha256: str = ""
    packages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run record. ``problems`` says in plain words what could not be read of it."""

    run_id: str
    trace_id: str
    schema_version: int
    pipeline: str
    entry_point: str
    notebooks: str
    parameters: Mapping[str, Json]
    provenance: Provenance
    outcome: Outcome
    start_ns: int
    end_ns: int
    tasks: tuple[Task, ...] = ()
    invocations: int = 1
    problems: tuple[str, ...] = ()

    def headline_metrics(self, preferred: Sequence[str]) -> list[str]:
        """The metrics to show first: the preferred ones that were logged, else the first few."""
        logged = dict.fromkeys(name for task in self.tasks for name in task.metrics)
        return [name for name in dict.fromkeys(preferred) if name in logged] or list(logged)[:_FEW]

    def task(self, task_id: str) -> Task:
        """The task with this id; KeyError if the run has none."""
        for task in self.tasks:
            if task.task_id == task_id:
                return task
        raise KeyError(task_id)
