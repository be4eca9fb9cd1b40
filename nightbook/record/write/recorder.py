"""Writes what happens to a run and its attempts into the record; used by the pipeline's processes."""

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from opentelemetry.trace import SpanContext, Tracer

from nightbook.record.format import schema
from nightbook.record.format.identity import invocation_span_id, task_span_id, trace_id_of
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Error, Json, Outcome, Provenance, Task
from nightbook.record.format.schema import Kind
from nightbook.record.write.tracing import (
    Attributes,
    new_span_id,
    span_context,
    span_file,
    write_event,
    write_span,
)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What was asked for when a run was started; ``resume`` asks for the same again."""

    pipeline: str
    entry_point: str
    notebooks: str
    parameters: Mapping[str, Json]


class InvocationRecorder:
    """Writes the run and task spans of one invocation."""

    def __init__(self, tracer: Tracer, run_id: str, number: int, request: RunRequest) -> None:
        self._tracer = tracer
        self._number = number
        self._request = request
        self._trace_id = trace_id_of(run_id)
        self._start_ns = time.time_ns()
        self._context = span_context(self._trace_id, invocation_span_id(self._trace_id, number))

    def declare(self, tasks: Sequence[Task]) -> None:
        """Say at once what this invocation is going to do, so that a killed run can be read."""
        write_event(
            self._tracer,
            "run start",
            parent=self._context,
            attributes={schema.KIND: Kind.RUN_START, **self._run_attributes()},
        )
        for task in tasks:
            write_event(
                self._tracer,
                f"declare {task.task_id}",
                parent=self._context,
                attributes={schema.KIND: Kind.TASK_DECLARED, **_task_attributes(task)},
                links=self._dependencies(task),
            )

    def finish(self, tasks: Sequence[Task], outcome: Outcome) -> None:
        """Write the spans of the tasks that had attempts in this invocation, and the run's own."""
        for task in tasks:
            attempts = [attempt for attempt in task.attempts if attempt.start_ns >= self._start_ns]
            if attempts:
                write_span(
                    self._tracer,
                    f"task {task.task_id}",
                    parent=self._context,
                    span_id=task_span_id(self._trace_id, self._number, task.task_id),
                    attributes={
                        schema.KIND: Kind.TASK,
                        **_task_attributes(task),
                        schema.TASK_RESULT: task.outcome,
                    },
                    links=self._dependencies(task),
                    start_ns=attempts[0].start_ns,
                    end_ns=attempts[-1].end_ns,
                )
        write_span(
            self._tracer,
            f"run {self._request.pipeline}",
            parent=None,
            span_id=self._context.span_id,
            attributes={schema.KIND: Kind.RUN, **self._run_attributes(), schema.RESULT: outcome},
            start_ns=self._start_ns,
            end_ns=time.time_ns(),
            error=None if outcome is Outcome.SUCCESS else outcome,
        )

    def _run_attributes(self) -> Attributes:
        return {
            schema.ENTRY_POINT: self._request.entry_point,
            schema.NOTEBOOKS: self._request.notebooks,
            schema.PARAMETERS: json.dumps(self._request.parameters),
        }

    def _dependencies(self, task: Task) -> list[SpanContext]:
        return [
            span_context(self._trace_id, task_span_id(self._trace_id, self._number, task_id))
            for task_id in task.depends_on
        ]


@contextmanager
def record_invocation(
    folder: RunFolder, request: RunRequest, provenance: Provenance
) -> Iterator[InvocationRecorder]:
    """A recorder for one more invocation of the run in ``folder``."""
    number = folder.invocations() + 1
    resource = {schema.PIPELINE_NAME: request.pipeline, **_provenance_attributes(provenance)}
    with span_file(folder.invocation_spans(number), run_id=folder.run_id, resource=resource) as tracer:
        yield InvocationRecorder(tracer, folder.run_id, number, request)


@dataclass(slots=True)
class AttemptRecorder:
    """Writes the cells and the end of one attempt."""

    context: SpanContext
    _tracer: Tracer
    outcome: Outcome = Outcome.INTERRUPTED
    error: Error | None = field(default=None)

    def cell(self, index: int, *, start_ns: int, end_ns: int, failed: bool) -> None:
        """Write the span of an executed code cell, counted from 1."""
        write_span(
            self._tracer,
            f"cell {index}",
            parent=self.context,
            attributes={
                schema.KIND: Kind.CELL,
                schema.CELL: index,
                schema.TASK_RESULT: Outcome.FAILURE if failed else Outcome.SUCCESS,
            },
            start_ns=start_ns,
            end_ns=end_ns,
            error="the cell raised" if failed else None,
        )

    def finish(self, outcome: Outcome, error: Error | None = None) -> None:
        """Set what the attempt's span will say when the context closes."""
        self.outcome, self.error = outcome, error


@contextmanager
def record_attempt(folder: AttemptFolder, *, cell_count: int) -> Iterator[AttemptRecorder]:
    """A recorder for the attempt; its span is written when the context closes.

    An attempt that is left without ``finish`` was interrupted.
    """
    task_id, run = folder.task.task_id, folder.task.run
    trace_id = trace_id_of(run.run_id)
    task = span_context(trace_id, task_span_id(trace_id, max(run.invocations(), 1), task_id))
    attempt = span_context(trace_id, new_span_id())
    attributes: dict[str, str | int] = {
        schema.TASK_ID: task_id,
        schema.ATTEMPT: folder.number,
        schema.CELL_COUNT: cell_count,
    }
    start_ns = time.time_ns()
    with span_file(folder.spans, run_id=run.run_id) as tracer:
        write_event(
            tracer,
            "attempt start",
            parent=attempt,
            attributes={schema.KIND: Kind.ATTEMPT_START, **attributes},
        )
        recorder = AttemptRecorder(attempt, tracer)
        try:
            yield recorder
        finally:
            write_span(
                tracer,
                f"attempt {folder.number} of {task_id}",
                parent=task,
                span_id=attempt.span_id,
                attributes={
                    schema.KIND: Kind.ATTEMPT,
                    **attributes,
                    schema.TASK_RESULT: recorder.outcome,
                    **_error_attributes(recorder.error),
                },
                start_ns=start_ns,
                end_ns=time.time_ns(),
                error=recorder.error.last_line if recorder.error else None,
            )


def _task_attributes(task: Task) -> Attributes:
    return {
        schema.TASK_ID: task.task_id,
        schema.TASK_NAME: task.name,
        schema.NOTEBOOK: task.notebook,
        schema.PARAMETERS: json.dumps(dict(task.parameters)),
        schema.RETRY_COUNT: task.retry_count,
        schema.TIMEOUT_S: task.timeout_s,
        schema.NUM_CPUS: task.num_cpus,
    }


def _error_attributes(error: Error | None) -> Attributes:
    if error is None:
        return {}
    return {
        schema.ERROR_TYPE: error.type,
        schema.ERROR_MESSAGE: error.message,
        schema.ERROR_TRACEBACK: error.traceback,
    }


def _provenance_attributes(provenance: Provenance) -> Attributes:
    known: dict[str, str] = {
        schema.TRIGGER: provenance.trigger,
        schema.ACTOR: provenance.actor,
        schema.REPOSITORY_URL: provenance.repository_url,
        schema.REVISION: provenance.revision,
        schema.BRANCH: provenance.branch,
        schema.PULL_REQUEST: provenance.pull_request,
        schema.CI_RUN_URL: provenance.ci_run_url,
        schema.PYTHON_VERSION: provenance.python_version,
        schema.OS_TYPE: provenance.os_type,
        schema.LOCK_SHA256: provenance.lock_sha256,
    }
    return {
        **{key: value for key, value in known.items() if value},
        schema.DIRTY: provenance.dirty,
        schema.CPU_COUNT: provenance.cpu_count,
        schema.PACKAGES: provenance.packages,
    }
