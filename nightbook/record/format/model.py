"""A run as data: what the reader returns and every page, diagram and table is made from.

Times are integer nanoseconds since the epoch, UTC. Everything is frozen; paths are relative to the
record's folder. The content of one span is a class of ``schema``; the classes here assemble them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from nightbook.record.format.added_tasks import AddedTask
from nightbook.record.format.schema import Artifact, Cell, Error, LoggedValue, Provenance, TaskDeclaration
from nightbook.record.format.values import Json
from nightbook.record.format.vocabulary import ArtifactType, Outcome, TaskKind, ValueType

__all__ = [
    "AddedTask",
    "Artifact",
    "ArtifactType",
    "Attempt",
    "Cell",
    "Error",
    "Json",
    "LoggedValue",
    "Outcome",
    "Provenance",
    "Run",
    "Task",
    "TaskKind",
    "ValueType",
]

_FEW = 4


@dataclass(frozen=True, slots=True)
class Attempt:
    """One call of a task's ``run()``. An interrupted attempt ends with the last thing it wrote.

    ``ended_by`` says what ended a notebook before its last cell, if it was the notebook itself.
    """

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
    code: Mapping[str, str] | None = field(default=None, hash=False)  # as AttemptStart.code
    ended_by: str = ""
    invocation: int = 0  # as AttemptStart.invocation

    @property
    def notebook(self) -> PurePosixPath:
        """The executed notebook, partial if the attempt did not succeed."""
        return self.folder / "notebook.ipynb"

    @property
    def html(self) -> PurePosixPath:
        """The executed notebook as an HTML fragment."""
        return self.folder / "notebook.html"

    @property
    def output_log(self) -> PurePosixPath:
        """What the body has printed."""
        return self.folder / "output.log"

    @property
    def source(self) -> PurePosixPath:
        """The text of the function or script that was executed."""
        return self.folder / "source.txt"

    @property
    def metrics(self) -> dict[str, float]:
        """The last number logged under each metric's name."""
        return {
            value.name: value.value
            for value in self.values
            if value.type is ValueType.METRIC and isinstance(value.value, int | float)
        }


@dataclass(frozen=True, slots=True)
class Task(TaskDeclaration):
    """A task as declared, the ids of the tasks that it needs, and its attempts in order.

    A task that is ``removed`` was in the pipeline when an earlier invocation ran it. It decides nothing. One
    that is ``outdated`` was to be run again, and was not, because what it needs has failed: its attempts are
    history.
    """

    depends_on: tuple[str, ...] = ()
    attempts: tuple[Attempt, ...] = ()
    removed: bool = False
    outdated: bool = False

    @property
    def outcome(self) -> Outcome:
        """The outcome of the last attempt, if that counts."""
        if self.removed:
            return Outcome.REMOVED
        return self.last_attempt.outcome if self.last_attempt else Outcome.NOT_RUN

    @property
    def last_attempt(self) -> Attempt | None:
        """The attempt whose values and artifacts count."""
        return self.attempts[-1] if self.attempts and not self.outdated else None

    @property
    def duration_ns(self) -> int:
        """The time spent on all attempts, without the pauses between them."""
        return sum(attempt.end_ns - attempt.start_ns for attempt in self.attempts)

    @property
    def metrics(self) -> dict[str, float]:
        """The metrics of the last attempt; none of a task that is removed."""
        return self.last_attempt.metrics if self.last_attempt and not self.removed else {}


@dataclass(frozen=True, slots=True)
class Run:
    """A whole run record. ``problems`` are sentences about the parts that could not be read."""

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
    added: tuple[AddedTask, ...] = ()

    @property
    def current_tasks(self) -> tuple[Task, ...]:
        """The tasks that are in the pipeline: all but the removed."""
        return tuple(task for task in self.tasks if not task.removed)

    def headline_metrics(self, preferred: Sequence[str]) -> list[str]:
        """Return the metrics to show first: the preferred ones that were logged, else the first few.

        ``train:accuracy`` is the metric ``accuracy``, if the task ``train`` logged it.
        """
        logged = dict.fromkeys(name for task in self.tasks for name in task.metrics)
        names = {
            f"{owner}:{name}": name
            for task in self.tasks
            for name in task.metrics
            for owner in (task.name, task.task_id)
        } | {name: name for name in logged}
        return list(dict.fromkeys(names[one] for one in preferred if one in names)) or list(logged)[:_FEW]

    def task(self, task_id: str) -> Task:
        """Return the task with this id; raise KeyError if the run has none."""
        for task in self.tasks:
            if task.task_id == task_id:
                return task
        raise KeyError(task_id)
