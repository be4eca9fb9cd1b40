"""Writes one attempt and its cells into the record; used by the process that runs the attempt."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.trace import SpanContext, Tracer

from nightbook.record.format import schema
from nightbook.record.format.attributes import to_attributes
from nightbook.record.format.identity import task_span_id, trace_id_of
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.schema import AttemptStart, Cell, Error, Kind
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.write.span_context import new_span_id, span_context
from nightbook.record.write.tracing import open_tracer, write_event, write_span


@dataclass(slots=True)
class AttemptRecorder:
    """Writes the cells and the end of one attempt."""

    context: SpanContext
    _tracer: Tracer
    outcome: Outcome = Outcome.INTERRUPTED
    error: Error | None = None

    def cell(self, index: int, *, start_ns: int, end_ns: int, failed: bool) -> None:
        """Write the span of an executed code cell, counted from 1."""
        write_span(
            self._tracer,
            f"cell {index}",
            parent=self.context,
            attributes={
                schema.KIND: Kind.CELL,
                **to_attributes(Cell(index, start_ns=start_ns, end_ns=end_ns, failed=failed)),
            },
            start_ns=start_ns,
            end_ns=end_ns,
            error="the cell raised" if failed else None,
        )

    def finish(self, outcome: Outcome, error: Error | None = None) -> None:
        """Set the outcome that the attempt's span gets when the context closes."""
        self.outcome, self.error = outcome, error


@contextmanager
def record_attempt(folder: AttemptFolder, *, cell_count: int) -> Iterator[AttemptRecorder]:
    """Yield a recorder for the attempt; its span is written when the context closes.

    An attempt that is left without ``finish`` was interrupted.
    """
    task_id, run = folder.task.task_id, folder.task.run
    trace_id = trace_id_of(run.run_id)
    task = span_context(trace_id, task_span_id(trace_id, max(run.invocations(), 1), task_id))
    attempt = span_context(trace_id, new_span_id())
    start = AttemptStart(task_id, folder.number, cell_count, start_ns=time.time_ns())
    with open_tracer(folder.spans, run_id=run.run_id) as tracer:
        write_event(
            tracer,
            "attempt start",
            parent=attempt,
            attributes={schema.KIND: Kind.ATTEMPT_START, **to_attributes(start)},
        )
        recorder = AttemptRecorder(attempt, tracer)
        try:
            yield recorder
        finally:
            _write_end(tracer, recorder, start, task)


def _write_end(tracer: Tracer, recorder: AttemptRecorder, start: AttemptStart, task: SpanContext) -> None:
    error = recorder.error
    write_span(
        tracer,
        f"attempt {start.number} of {start.task_id}",
        parent=task,
        span_id=recorder.context.span_id,
        attributes={
            schema.KIND: Kind.ATTEMPT,
            **to_attributes(start),
            schema.TASK_RESULT: recorder.outcome,
            **(to_attributes(error) if error else {}),
        },
        start_ns=start.start_ns,
        end_ns=time.time_ns(),
        error=error.last_line if error else None,
    )
