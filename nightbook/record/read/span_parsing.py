"""One span as one part of a run. A span that does not follow the schema raises ValueError."""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TypeVar

from nightbook.record.format import schema
from nightbook.record.format.attributes import from_attributes
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Run, Task
from nightbook.record.format.names import (
    MAX_ATTEMPT,
    check_artifact_name,
    check_task_id,
    check_task_name,
    check_value_name,
)
from nightbook.record.format.schema import (
    Artifact,
    AttemptEnd,
    AttemptStart,
    Cell,
    Error,
    LoggedValue,
    Provenance,
    RunRequest,
)
from nightbook.record.format.vocabulary import Outcome, ValueType
from nightbook.record.read.otlp import Span

_Start = TypeVar("_Start", bound=AttemptStart)


def parse_run(span: Span, run_id: str) -> Run:
    """Return the run as a ``run_start`` span describes it: without tasks, and interrupted at once."""
    pipeline = span.get_resource(schema.PIPELINE_NAME, "pipeline")
    request = from_attributes(RunRequest, span.attributes, pipeline=pipeline)
    return Run(
        run_id=run_id,
        trace_id=span.trace_id,
        schema_version=span.get_resource(schema.VERSION, schema.SCHEMA_VERSION),
        pipeline=request.pipeline,
        entry_point=request.entry_point,
        notebooks=request.notebooks,
        parameters=request.parameters,
        provenance=from_attributes(Provenance, span.resource),
        outcome=Outcome.INTERRUPTED,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        added=request.added,
    )


def parse_task(span: Span) -> Task:
    """Return the task of a ``task_declared`` span, without dependencies and attempts."""
    task = from_attributes(Task, span.attributes)
    check_task_id(task.task_id)
    check_task_name(task.name)
    return task


def parse_attempt_start(span: Span, cls: type[_Start]) -> _Start:
    """Return the beginning of an attempt, as an object of ``cls``: its task and number are a folder."""
    start = from_attributes(cls, span.attributes, start_ns=span.start_ns)
    check_task_id(start.task_id)
    if not 0 < start.number <= MAX_ATTEMPT:
        raise ValueError(f"{start.number!r:.40} is not the number of an attempt")
    return start


def parse_cell(span: Span) -> Cell:
    """Return an executed cell."""
    return from_attributes(Cell, span.attributes, start_ns=span.start_ns, end_ns=span.end_ns)


def parse_value(span: Span) -> LoggedValue:
    """Return a logged value."""
    logged = from_attributes(LoggedValue, span.attributes, time_ns=span.start_ns)
    check_value_name(logged.name, "a value")
    is_number = isinstance(logged.value, int | float) and not isinstance(logged.value, bool)
    if logged.type is ValueType.METRIC and not is_number:
        raise ValueError(f"the metric {logged.name!r} is not a number: {logged.value!r:.100}")
    return logged


def parse_artifact(span: Span, attempt: AttemptFolder) -> Artifact:
    """Return a file that this attempt logged."""
    artifact = from_attributes(Artifact, span.attributes, path=PurePosixPath())
    return replace(artifact, path=attempt.artifact(check_artifact_name(artifact.name)))


def parse_ended_by(span: Span) -> str:
    """Return why not all cells of an attempt ran, in words; empty if there is nothing to say."""
    return from_attributes(AttemptEnd, span.attributes).ended_by


def parse_error(span: Span) -> Error | None:
    """Return the error of an ``attempt`` span, or None if it has none."""
    return from_attributes(Error, span.attributes) if schema.ERROR_TYPE in span.attributes else None


def parse_outcome(span: Span, key: str) -> Outcome:
    """Return the outcome under RESULT or TASK_RESULT."""
    return Outcome(span.get(key, str))
