"""Writes one attempt and its cells into the record; used by the process that runs the attempt."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from opentelemetry.trace import SpanContext, Tracer

from nightbook.clock import process_clock
from nightbook.record.format import schema
from nightbook.record.format.attributes import to_attributes
from nightbook.record.format.identity import task_span_id, trace_id_of
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.schema import AttemptEnd, AttemptStart, Cell, Error, Kind
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.write.home_folder import home_folder, without_home
from nightbook.record.write.span_context import new_span_id, span_context
from nightbook.record.write.tracing import open_tracer, write_event, write_span


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt that another process has begun, and that this one goes on with."""

    span_id: int
    start_ns: int


@dataclass(slots=True)
class AttemptRecorder:
    """Writes the cells and the end of one attempt."""

    context: SpanContext
    start_ns: int
    _tracer: Tracer
    paused: bool = False
    outcome: Outcome = Outcome.INTERRUPTED
    error: Error | None = None
    ended_by: str = ""
    end_ns: int | None = None

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

    def finish(
        self, outcome: Outcome, error: Error | None = None, *, ended_by: str = "", end_ns: int | None = None
    ) -> None:
        """Set the outcome that the attempt's span gets when the context closes, and its end if not then.

        The error is recorded without the name of the home folder.
        """
        self.outcome, self.ended_by, self.end_ns = outcome, ended_by, end_ns
        self.error = without_home(error, home_folder()) if error else None

    def pause(self) -> Begun:
        """Write no end when the context closes; return what lets another process go on."""
        self.paused = True
        return self.begun

    @property
    def begun(self) -> Begun:
        """What lets another process end the attempt."""
        return Begun(self.context.span_id, self.start_ns)


@contextmanager
def record_attempt(
    folder: AttemptFolder,
    *,
    cell_count: int,
    code: Mapping[str, str] | None = None,
    begun: Begun | None = None,
) -> Iterator[AttemptRecorder]:
    """Yield a recorder for the attempt; its span is written when the context closes.

    ``code`` is what makes its result. An attempt that is left without ``finish`` was interrupted. With
    ``begun`` it goes on with one that another process has paused.
    """
    task_id, run = folder.task.task_id, folder.task.run
    trace_id, invocation = trace_id_of(run.run_id), max(run.invocations(), 1)
    task = span_context(trace_id, task_span_id(trace_id, invocation, task_id))
    begun_here = begun is None
    begun = begun or Begun(new_span_id(), process_clock().now_ns())
    attempt = span_context(trace_id, begun.span_id)
    start = AttemptStart(task_id, folder.number, cell_count, begun.start_ns, invocation, code)
    with open_tracer(folder.spans, run_id=run.run_id) as tracer:
        if begun_here:
            write_event(
                tracer,
                "attempt start",
                parent=attempt,
                attributes={schema.KIND: Kind.ATTEMPT_START, **to_attributes(start)},
            )
        recorder = AttemptRecorder(attempt, begun.start_ns, tracer)
        try:
            yield recorder
        finally:
            if not recorder.paused:
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
            **to_attributes(AttemptEnd(recorder.ended_by)),
        },
        start_ns=start.start_ns,
        end_ns=process_clock().now_ns() if recorder.end_ns is None else recorder.end_ns,
        error=error.last_line if error else None,
    )
