"""Follows a run while it goes on: the attempts and cells that began or ended since the last look."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from nightbook.record.format import schema
from nightbook.record.format.schema import AttemptStart, Error, Kind
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.read.otlp import Span
from nightbook.record.read.span_files import SpanFiles
from nightbook.record.read.span_order import in_order
from nightbook.record.read.span_parsing import (
    parse_attempt_start,
    parse_cell,
    parse_ended_by,
    parse_error,
    parse_outcome,
)


@dataclass(frozen=True, slots=True)
class AttemptStarted(AttemptStart):
    """An attempt that began."""


@dataclass(frozen=True, slots=True)
class CellDone:
    """A cell that an attempt has executed."""

    attempt: AttemptStarted
    index: int
    end_ns: int


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """An attempt that ended; interrupted if its end was never written and the task began again."""

    attempt: AttemptStarted
    outcome: Outcome
    end_ns: int
    error: Error | None
    ended_by: str = ""


Event: TypeAlias = AttemptStarted | CellDone | AttemptEnded


@dataclass(slots=True)
class LiveRun:
    """Follows the span files of a run that other processes write."""

    files: SpanFiles
    _running: dict[str, AttemptStarted] = field(default_factory=dict)

    @classmethod
    def from_now_on(cls, spans: Path) -> "LiveRun":
        """Return a follower that skips what earlier invocations wrote."""
        files = SpanFiles(spans)
        files.new_spans()
        return cls(files)

    def new_events(self) -> Iterator[Event]:
        """Yield the events since the last call in their order."""
        for _, span in in_order(self.files.new_spans()):
            with suppress(ValueError):  # it does not follow the schema: the reader of the record says so
                yield from self._events(span)

    def _events(self, span: Span) -> Iterator[Event]:
        match span.attributes.get(schema.KIND):
            case Kind.ATTEMPT_START:
                started = parse_attempt_start(span, AttemptStarted)
                yield from self._interrupted(started)
                self._running[span.parent_id] = started
                yield started
            case Kind.CELL if span.parent_id in self._running:
                cell = parse_cell(span)
                yield CellDone(self._running[span.parent_id], cell.index, cell.end_ns)
            case Kind.ATTEMPT if span.span_id in self._running:
                outcome = parse_outcome(span, schema.TASK_RESULT)
                yield AttemptEnded(
                    self._running.pop(span.span_id),
                    outcome,
                    span.end_ns,
                    parse_error(span),
                    parse_ended_by(span),
                )

    def _interrupted(self, started: AttemptStarted) -> Iterator[Event]:
        """Yield the end of the task's attempt before this one, if it was killed before it could end."""
        for span_id, running in list(self._running.items()):
            if running.task_id == started.task_id:
                del self._running[span_id]
                yield AttemptEnded(running, Outcome.INTERRUPTED, started.start_ns, None)
