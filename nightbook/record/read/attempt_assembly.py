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

    def attempt(self, interrupted: Iterable[tuple[int, int]] = ()) -> Attempt:
        """Return the attempt; without its end, it is interrupted at the last thing it wrote.

        If its invocation was interrupted, which has written its end, it has ended with that. ``interrupted``
        are the starts and ends of all such invocations.
        """
        end_ns = self.end_ns
        if end_ns is None:
            own = [end for start, end in interrupted if start <= self.start.start_ns <= end]
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
        )
