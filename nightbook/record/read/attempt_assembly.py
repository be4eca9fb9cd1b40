"""The spans of one attempt put together, as they come."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from nightbook.record.format import schema
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Attempt
from nightbook.record.format.schema import Artifact, AttemptStart, Cell, Error, Kind, LoggedValue
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.read.otlp import Span
from nightbook.record.read.span_parsing import (
    parse_artifact,
    parse_cell,
    parse_ended_by,
    parse_error,
    parse_outcome,
    parse_value,
)


@dataclass(frozen=True, slots=True)
class InterruptedInvocation:
    """An invocation that was interrupted, and has written its end."""

    number: int
    start_ns: int
    end_ns: int

    def has_begun(self, start: AttemptStart) -> bool:
        """Return True if the attempt belongs to it; older versions have recorded only the attempt's time."""
        if start.invocation:
            return start.invocation == self.number
        return self.start_ns <= start.start_ns <= self.end_ns


@dataclass(slots=True)
class AttemptAssembly:
    """The parts of one attempt that have been read; ``last_ns`` is the end of the last one."""

    start: AttemptStart
    last_ns: int
    cells: list[Cell] = field(default_factory=list)
    values: list[LoggedValue] = field(default_factory=list)
    artifacts: dict[str, Artifact] = field(default_factory=dict)
    outcome: Outcome = Outcome.INTERRUPTED
    end_ns: int | None = None
    error: Error | None = None
    ended_by: str = ""

    @property
    def folder(self) -> AttemptFolder:
        """The attempt's folder, below the record's."""
        return RunFolder(Path()).task(self.start.task_id).attempt(self.start.number)

    def add(self, kind: Kind, span: Span) -> None:
        """Add a cell, a logged value or an artifact; raise ValueError if it does not follow the schema."""
        self.last_ns = max(self.last_ns, span.end_ns)
        match kind:
            case Kind.CELL:
                self.cells.append(parse_cell(span))
            case Kind.VALUE:
                self.values.append(parse_value(span))
            case Kind.ARTIFACT:
                artifact = parse_artifact(span, self.folder)
                self.artifacts[artifact.name] = artifact

    def end(self, span: Span) -> None:
        """Add the attempt's own span, which is written at its end."""
        self.outcome, self.error = parse_outcome(span, schema.TASK_RESULT), parse_error(span)
        self.end_ns = span.end_ns
        self.ended_by = parse_ended_by(span)

    def attempt(self, interrupted: Iterable[InterruptedInvocation] = ()) -> Attempt:
        """Return the attempt; without its end, it is interrupted at the last thing it wrote.

        If its invocation is one of the ``interrupted``, it has ended with that.
        """
        end_ns = self.end_ns
        if end_ns is None:
            own = [invocation.end_ns for invocation in interrupted if invocation.has_begun(self.start)]
            end_ns = max([*own, self.last_ns])
        return Attempt(
            number=self.start.number,
            outcome=self.outcome,
            start_ns=self.start.start_ns,
            end_ns=end_ns,
            cell_count=self.start.cell_count,
            folder=self.folder.relative,
            cells=tuple(self.cells),
            values=tuple(self.values),
            artifacts=tuple(self.artifacts.values()),
            error=self.error,
            code=self.start.code,
            ended_by=self.ended_by,
            invocation=self.start.invocation,
        )
