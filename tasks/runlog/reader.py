"""From a record's folder to a ``Run``: the only parser of records.

Nothing in a record is trusted: a line, span, name or value that is not as the schema says is left
out and told of in ``Run.problems``; only a record that cannot be shown at all is an error.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from tasks.runlog import schema
from tasks.runlog.errors import RecordError
from tasks.runlog.identity import RUN_ID, task_span_id, trace_id_of
from tasks.runlog.model import Artifact, Attempt, Cell, LoggedValue, Outcome, Run, Task
from tasks.runlog.otlp import Span
from tasks.runlog.parts import (
    parse_artifact,
    parse_cell,
    parse_error,
    parse_object,
    parse_outcome,
    parse_provenance,
    parse_task,
    parse_value,
)
from tasks.runlog.schema import Kind
from tasks.runlog.span_files import SpanFiles


def find_runs(runs: Path) -> list[Path]:
    """The folders of all run records in ``runs``, oldest first."""
    if not runs.is_dir():
        return []
    return sorted(folder for folder in runs.iterdir() if RUN_ID.fullmatch(folder.name))


def read_run(folder: Path) -> Run:
    """The run recorded in ``folder``.

    RecordError if there is no record, if a newer version wrote it, or if it does not say what was
    run.
    """
    files = SpanFiles(folder / "spans")
    spans = files.new_spans()
    if not spans:
        raise RecordError(f"{folder} holds no run record: there is no readable span in {folder / 'spans'}")
    run_id = spans[0][1].get_resource(schema.RUN_ID, folder.name)
    record = _Record(run_id, problems=[*files.problems, *files.half_written()])
    # An attempt's start comes before its parts, in whichever file they stand.
    for file, span in sorted(
        spans, key=lambda item: (item[1].attributes.get(schema.KIND) != Kind.ATTEMPT_START, item[1].end_ns)
    ):
        record.add(file, span)
    return record.run()


@dataclass(slots=True)
class _AttemptParts:
    """What has been read of one attempt."""

    task_id: str
    number: int
    cell_count: int
    start_ns: int
    last_ns: int
    cells: list[Cell] = field(default_factory=list)
    values: list[LoggedValue] = field(default_factory=list)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    end: Span | None = None

    @property
    def folder(self) -> PurePosixPath:
        return PurePosixPath("tasks", self.task_id, f"attempt-{self.number:02d}")

    def attempt(self) -> Attempt:
        """The attempt; interrupted, at the last thing it wrote, if its end was never written."""
        return Attempt(
            number=self.number,
            outcome=parse_outcome(self.end, schema.TASK_RESULT) if self.end else Outcome.INTERRUPTED,
            start_ns=self.start_ns,
            end_ns=self.end.end_ns if self.end else self.last_ns,
            cell_count=self.cell_count,
            folder=self.folder,
            cells=tuple(self.cells),
            values=tuple(self.values),
            artifacts=tuple(self.artifacts.values()),
            error=parse_error(self.end) if self.end else None,
        )


class _Record:
    """What has been read of one record."""

    def __init__(self, run_id: str, problems: list[str]) -> None:
        self._run_id = run_id
        self._trace_id = trace_id_of(run_id)
        self._problems = problems
        self._starts: list[Span] = []
        self._ends: list[Span] = []
        self._tasks: dict[str, tuple[Task, tuple[str, ...]]] = {}
        self._attempts: dict[str, _AttemptParts] = {}
        self._last_ns = 0

    def add(self, file: str, span: Span) -> None:
        """Add a span, or a problem if it is not as the schema says."""
        version = span.get_resource(schema.VERSION, 0)
        if version > schema.SCHEMA_VERSION:
            raise RecordError(
                f"the record of run {self._run_id} has schema version {version}, and this program reads "
                f"versions up to {schema.SCHEMA_VERSION}: update it"
            )
        try:
            if span.trace_id != f"{self._trace_id:032x}":
                raise ValueError(f"it belongs to the trace {span.trace_id:.32}, not to this run's")
            self._add(span)
            self._last_ns = max(self._last_ns, span.end_ns)
        except ValueError as error:
            self._problems.append(f"spans/{file} has a span that is left out: {error}")

    def run(self) -> Run:
        """The run that the spans tell of."""
        if not self._starts:
            raise RecordError(
                f"the record of run {self._run_id} does not say what was run: it has no run_start span"
            )
        start = self._starts[-1]
        tasks = self._assembled_tasks()
        return Run(
            run_id=self._run_id,
            trace_id=f"{self._trace_id:032x}",
            schema_version=start.get_resource(schema.VERSION, schema.SCHEMA_VERSION),
            pipeline=start.get_resource(schema.PIPELINE_NAME, "pipeline"),
            entry_point=start.get(schema.ENTRY_POINT, str),
            notebooks=start.get(schema.NOTEBOOKS, str),
            parameters=parse_object(start.get(schema.PARAMETERS, str)),
            provenance=parse_provenance(start),
            outcome=self._outcome(tasks),
            start_ns=self._starts[0].start_ns,
            end_ns=self._last_ns,
            tasks=tasks,
            invocations=len(self._starts),
            problems=tuple(self._problems),
        )

    def _add(self, span: Span) -> None:
        match Kind(span.get(schema.KIND, str)):
            case Kind.RUN_START:
                self._starts.append(span)
            case Kind.RUN:
                parse_outcome(span, schema.RESULT)
                self._ends.append(span)
            case Kind.TASK_DECLARED:
                task = parse_task(span)
                self._tasks[task.task_id] = (task, span.links)
            case Kind.ATTEMPT_START:
                self._attempts[span.parent_id] = _AttemptParts(
                    task_id=span.get(schema.TASK_ID, str),
                    number=span.get(schema.ATTEMPT, int),
                    cell_count=span.get(schema.CELL_COUNT, int),
                    start_ns=span.start_ns,
                    last_ns=span.end_ns,
                )
            case Kind.ATTEMPT:
                parse_outcome(span, schema.TASK_RESULT)
                self._attempt(span.span_id).end = span
            case Kind.CELL:
                self._part_of(span).cells.append(parse_cell(span))
            case Kind.VALUE:
                self._part_of(span).values.append(parse_value(span))
            case Kind.ARTIFACT:
                parts = self._part_of(span)
                artifact = parse_artifact(span, parts.folder)
                parts.artifacts[artifact.name] = artifact
            case Kind.TASK:
                pass  # for other readers of OTLP; ours derives it from the attempts

    def _attempt(self, span_id: str) -> _AttemptParts:
        if span_id not in self._attempts:
            raise ValueError(f"it belongs to the attempt {span_id:.16}, of which nothing else is known")
        return self._attempts[span_id]

    def _part_of(self, span: Span) -> _AttemptParts:
        parts = self._attempt(span.parent_id)
        parts.last_ns = max(parts.last_ns, span.end_ns)
        return parts

    def _assembled_tasks(self) -> tuple[Task, ...]:
        attempts: dict[str, list[Attempt]] = {task_id: [] for task_id in self._tasks}
        for parts in self._attempts.values():
            if parts.task_id in attempts:
                attempts[parts.task_id].append(parts.attempt())
            else:
                self._problems.append(
                    f"an attempt of a task that was not declared is left out: {parts.task_id:.100}"
                )
        task_ids = {
            f"{task_span_id(self._trace_id, invocation, task_id):016x}": task_id
            for task_id in self._tasks
            for invocation in range(1, len(self._starts) + 1)
        }
        return tuple(
            replace(
                task,
                depends_on=tuple(task_ids[link] for link in links if link in task_ids),
                attempts=tuple(sorted(attempts[task.task_id], key=lambda attempt: attempt.number)),
            )
            for task, links in self._tasks.values()
        )

    def _outcome(self, tasks: tuple[Task, ...]) -> Outcome:
        if tasks and all(task.outcome is Outcome.SUCCESS for task in tasks):
            return Outcome.SUCCESS
        if len(self._ends) < len(self._starts):
            return Outcome.INTERRUPTED
        return parse_outcome(self._ends[-1], schema.RESULT)
