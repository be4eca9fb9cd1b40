"""Writes the run and the tasks of one invocation into the record."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from opentelemetry.trace import SpanContext, Tracer

from nightbook.clock import process_clock, restart_process_clock
from nightbook.record.format import schema
from nightbook.record.format.attributes import to_attributes
from nightbook.record.format.identity import invocation_span_id, task_span_id, trace_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Task
from nightbook.record.format.schema import Kind, Provenance, RunRequest
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.write.span_context import span_context
from nightbook.record.write.tracing import open_tracer, write_event, write_span


class DeclarationRecorder:
    """Writes which tasks there are in an invocation."""

    def __init__(self, tracer: Tracer, run_id: str, number: int) -> None:
        self.number = number
        self._tracer = tracer
        self._trace_id = trace_id_of(run_id)
        self._context = span_context(self._trace_id, invocation_span_id(self._trace_id, number))

    def declare_tasks(self, tasks: Sequence[Task]) -> None:
        """Write what tasks there are; a task that is declared again has the new dependencies."""
        for task in tasks:
            write_event(
                self._tracer,
                f"declare {task.task_id}",
                parent=self._context,
                attributes={schema.KIND: Kind.TASK_DECLARED, **to_attributes(task)},
                links=self._dependencies(task),
            )

    def _dependencies(self, task: Task) -> list[SpanContext]:
        return [
            span_context(self._trace_id, task_span_id(self._trace_id, self.number, task_id))
            for task_id in task.depends_on
        ]


class InvocationRecorder(DeclarationRecorder):
    """Writes the run and task spans of one invocation."""

    def __init__(self, tracer: Tracer, run_id: str, number: int, request: RunRequest) -> None:
        super().__init__(tracer, run_id, number)
        self._request = request
        self._start_ns = process_clock().now_ns()

    def declare(self, tasks: Sequence[Task]) -> None:
        """Write at once what this invocation is going to do, so that a killed run can be read."""
        write_event(
            self._tracer,
            "run start",
            parent=self._context,
            attributes={schema.KIND: Kind.RUN_START, **to_attributes(self._request)},
        )
        self.declare_tasks(tasks)

    def finish(self, tasks: Sequence[Task], outcome: Outcome) -> None:
        """Write the spans of the tasks that had attempts in this invocation, and the run's own."""
        for task in tasks:
            self._write_task(task)
        write_span(
            self._tracer,
            f"run {self._request.pipeline}",
            parent=None,
            span_id=self._context.span_id,
            attributes={schema.KIND: Kind.RUN, **to_attributes(self._request), schema.RESULT: outcome},
            start_ns=self._start_ns,
            end_ns=process_clock().now_ns(),
            error=None if outcome is Outcome.SUCCESS else outcome,
        )

    def _write_task(self, task: Task) -> None:
        attempts = [attempt for attempt in task.attempts if attempt.invocation == self.number]
        if not attempts:
            return
        write_span(
            self._tracer,
            f"task {task.task_id}",
            parent=self._context,
            span_id=task_span_id(self._trace_id, self.number, task.task_id),
            attributes={
                schema.KIND: Kind.TASK,
                **to_attributes(task),
                schema.TASK_RESULT: task.outcome,
            },
            links=self._dependencies(task),
            start_ns=attempts[0].start_ns,
            end_ns=attempts[-1].end_ns,
        )


@contextmanager
def record_invocation(
    folder: RunFolder, request: RunRequest, provenance: Provenance
) -> Iterator[InvocationRecorder]:
    """Yield a recorder for one more invocation of the run in ``folder``, with a clock of its own."""
    restart_process_clock()
    number = folder.invocations() + 1
    resource = {schema.PIPELINE_NAME: request.pipeline, **to_attributes(provenance)}
    with open_tracer(folder.invocation_spans(number), run_id=folder.run_id, resource=resource) as tracer:
        yield InvocationRecorder(tracer, folder.run_id, number, request)


@contextmanager
def record_assistance(folder: RunFolder, pipeline: str, worker: str) -> Iterator[DeclarationRecorder]:
    """Yield a recorder for what a worker elsewhere, by its name, finds out in the present invocation."""
    number = folder.invocations()
    resource = {schema.PIPELINE_NAME: pipeline}
    with open_tracer(folder.assistance_spans(worker), run_id=folder.run_id, resource=resource) as tracer:
        yield DeclarationRecorder(tracer, folder.run_id, number)
