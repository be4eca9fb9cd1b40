"""From a record's folder to a ``Run``: the only parser of records.

Nothing in a record is trusted: a line, span, name or value that is not as the schema says is left
out and told of in ``Run.problems``; only a record that cannot be shown at all is an error.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from nightbook.record.format import schema
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import RUN_ID, task_span_id, trace_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Artifact, Attempt, Cell, Error, LoggedValue, Outcome, Run, Task
from nightbook.record.format.schema import Kind
from nightbook.record.read.origin import confirmed, read_origin
from nightbook.record.read.otlp import Span
from nightbook.record.read.span_files import SpanFiles
from nightbook.record.read.span_parsing import (
    parse_artifact,
    parse_cell,
    parse_error,
    parse_outcome,
    parse_run,
    parse_task,
    parse_value,
)


def find_runs(runs: Path) -> list[Path]:
    """The folders of all run records in ``runs``, oldest first."""
    if not runs.is_dir():
        return []
    return sorted(folder for folder in runs.iterdir() if RUN_ID.fullmatch(folder.name) and folder.is_dir())


def newest_runs(runs: Path) -> Iterator[Run]:
    """The runs recorded in ``runs``, newest first, each read when it is asked for; not the unreadable."""
    for folder in reversed(find_runs(runs)):
        with suppress(RecordError):
            yield read_run(folder)


def read_run(folder: Path) -> Run:
    """The run recorded in ``folder``.

    Where it comes from is what ``origin.json`` says, if the record was fetched from GitHub. RecordError
    if there is no record, if a newer version wrote it, or if it does not say what was run.
    """
    files = SpanFiles(folder / "spans")
    spans = files.new_spans()
    if not spans:
        raise RecordError(f"{folder} holds no run record: there is no readable span in {folder / 'spans'}")
    record = _Record(
        _run_id(folder, spans),
        invocations=RunFolder(folder).invocations(),
        problems=[*files.problems, *files.half_written()],
    )
    # An attempt's start comes before its parts, in whichever file they stand.
    for file, span in sorted(
        spans, key=lambda item: (item[1].attributes.get(schema.KIND) != Kind.ATTEMPT_START, item[1].end_ns)
    ):
        record.add(file, span)
    run, origin = record.run(), read_origin(folder)
    return replace(run, provenance=confirmed(run.provenance, origin)) if origin else run


def _run_id(folder: Path, spans: list[tuple[str, Span]]) -> str:
    """The folder's name or, when the record lies in a folder of another name, what its spans say."""
    if RUN_ID.fullmatch(folder.name):
        return folder.name
    for _, span in spans:
        run_id = span.resource.get(schema.RUN_ID)
        if isinstance(run_id, str) and RUN_ID.fullmatch(run_id):
            return run_id
    raise RecordError(f"{folder} holds no run record: neither its name nor its spans tell of a run id")


def is_readable(folder: Path) -> bool:
    """Whether ``read_run`` can read the record."""
    try:
        read_run(folder)
    except RecordError:
        return False
    return True


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
    outcome: Outcome = Outcome.INTERRUPTED
    end_ns: int | None = None
    error: Error | None = None

    @property
    def folder(self) -> PurePosixPath:
        return RunFolder(Path()).task(self.task_id).attempt(self.number).relative

    def attempt(self) -> Attempt:
        """The attempt; interrupted, at the last thing it wrote, if its end was never written."""
        return Attempt(
            number=self.number,
            outcome=self.outcome,
            start_ns=self.start_ns,
            end_ns=self.last_ns if self.end_ns is None else self.end_ns,
            cell_count=self.cell_count,
            folder=self.folder,
            cells=tuple(self.cells),
            values=tuple(self.values),
            artifacts=tuple(self.artifacts.values()),
            error=self.error,
        )


class _Record:
    """What has been read of one record."""

    def __init__(self, run_id: str, invocations: int, problems: list[str]) -> None:
        self._run_id = run_id
        self._trace_id = trace_id_of(run_id)
        self._invocations = invocations  # one that was killed at once has a file and no run_start
        self._problems = problems
        self._starts: dict[str, Run] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._tasks: dict[str, tuple[Task, tuple[str, ...]]] = {}
        self._attempts: dict[str, _AttemptParts] = {}
        self._last_ns = 0

    def add(self, file: str, span: Span) -> None:
        """Add a span, or a problem if it is not as the schema says."""
        try:
            self._check_version(span)
            if span.trace_id != f"{self._trace_id:032x}":
                raise ValueError(f"it belongs to the trace {span.trace_id!r:.40}, not to this run's")
            self._add(span)
            self._last_ns = max(self._last_ns, span.end_ns)
        except ValueError as error:
            self._problems.append(f"spans/{file} has a span that is left out: {error!s:.300}")

    def run(self) -> Run:
        """The run that the spans tell of."""
        if not self._starts:
            raise RecordError(
                f"the record of run {self._run_id} does not say what was run: it has no run_start span"
            )
        starts = list(self._starts.values())
        tasks = self._assembled_tasks()
        return replace(
            starts[-1],
            outcome=self._outcome(tasks),
            start_ns=starts[0].start_ns,
            end_ns=self._last_ns,
            tasks=tasks,
            invocations=len(self._starts),
            problems=tuple(self._problems),
        )

    def _check_version(self, span: Span) -> None:
        version = span.get_resource(schema.VERSION, 0)
        if version > schema.SCHEMA_VERSION:
            raise RecordError(
                f"the record of run {self._run_id} has schema version {version}, and this program reads "
                f"versions up to {schema.SCHEMA_VERSION}: update it"
            )

    def _add(self, span: Span) -> None:
        match Kind(span.get(schema.KIND, str)):
            case Kind.RUN_START:
                self._starts[span.parent_id] = parse_run(span, self._run_id)
            case Kind.RUN:
                self._outcomes[span.span_id] = parse_outcome(span, schema.RESULT)
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
                parts = self._attempt(span.span_id)
                parts.outcome, parts.error = parse_outcome(span, schema.TASK_RESULT), parse_error(span)
                parts.end_ns = span.end_ns
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
            raise ValueError(f"it belongs to the attempt {span_id!r:.20}, of which nothing else is known")
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
                    f"an attempt of a task that was not declared is left out: {parts.task_id!r:.100}"
                )
        task_ids = {
            f"{task_span_id(self._trace_id, invocation, task_id):016x}": task_id
            for task_id in self._tasks
            for invocation in range(1, self._invocations + 1)
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
        last = list(self._starts)[-1]
        if last in self._outcomes:
            return self._outcomes[last]
        succeeded = tasks and all(task.outcome is Outcome.SUCCESS for task in tasks)
        return Outcome.SUCCESS if succeeded else Outcome.INTERRUPTED
