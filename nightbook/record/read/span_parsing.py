"""One span as one part of a run. A span that is not as the schema says raises ValueError."""

from pathlib import PurePosixPath

from nightbook.record.format import schema
from nightbook.record.format.model import (
    Artifact,
    ArtifactType,
    Cell,
    Error,
    Json,
    LoggedValue,
    Outcome,
    Provenance,
    Run,
    Task,
    ValueType,
)
from nightbook.record.format.values import check_file_name, check_name, check_task_id, from_json
from nightbook.record.read.otlp import Span


def parse_run(span: Span, run_id: str) -> Run:
    """The run as a ``run_start`` span says that it began: without tasks, interrupted at once."""
    return Run(
        run_id=run_id,
        trace_id=span.trace_id,
        schema_version=span.get_resource(schema.VERSION, schema.SCHEMA_VERSION),
        pipeline=span.get_resource(schema.PIPELINE_NAME, "pipeline"),
        entry_point=span.get(schema.ENTRY_POINT, str),
        notebooks=span.get(schema.NOTEBOOKS, str),
        parameters=parse_object(span.get(schema.PARAMETERS, str)),
        provenance=parse_provenance(span),
        outcome=Outcome.INTERRUPTED,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
    )


def parse_task(span: Span) -> Task:
    """The task that a ``task_declared`` span declares, without dependencies and attempts."""
    return Task(
        task_id=check_task_id(span.get(schema.TASK_ID, str)),
        name=check_name(span.get(schema.TASK_NAME, str), "a task"),
        parameters=parse_object(span.get(schema.PARAMETERS, str)),
        notebook=span.get(schema.NOTEBOOK, str),
        retry_count=span.get(schema.RETRY_COUNT, int),
        timeout_s=span.get(schema.TIMEOUT_S, float),
        num_cpus=span.get(schema.NUM_CPUS, int),
    )


def parse_cell(span: Span) -> Cell:
    """An executed cell."""
    return Cell(
        index=span.get(schema.CELL, int),
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        failed=parse_outcome(span, schema.TASK_RESULT) is not Outcome.SUCCESS,
    )


def parse_value(span: Span) -> LoggedValue:
    """A logged value."""
    name = check_name(span.get(schema.VALUE_NAME, str), "a value")
    value_type = ValueType(span.get(schema.VALUE_TYPE, str))
    value = from_json(span.get(schema.VALUE_JSON, str))
    if value_type is ValueType.METRIC and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise ValueError(f"the metric {name!r} is no number: {value!r:.100}")
    return LoggedValue(
        name=name,
        type=value_type,
        value=value,
        step=span.get(schema.VALUE_STEP, int) if schema.VALUE_STEP in span.attributes else None,
        time_ns=span.start_ns,
    )


def parse_artifact(span: Span, attempt_folder: PurePosixPath) -> Artifact:
    """A logged file of the attempt in that folder."""
    name = check_file_name(span.get(schema.ARTIFACT_NAME, str))
    return Artifact(
        name=name,
        type=ArtifactType(span.get(schema.ARTIFACT_TYPE, str)),
        media_type=span.get(schema.MEDIA_TYPE, str),
        size_bytes=span.get(schema.SIZE_BYTES, int),
        sha256=span.get(schema.SHA256, str),
        path=attempt_folder / "artifacts" / name,
        metadata=parse_object(span.get(schema.METADATA, str)),
    )


def parse_error(span: Span) -> Error | None:
    """Why the attempt of an ``attempt`` span failed, if it says so."""
    if schema.ERROR_TYPE not in span.attributes:
        return None
    return Error(
        type=span.get(schema.ERROR_TYPE, str),
        message=span.get(schema.ERROR_MESSAGE, str),
        traceback=span.get(schema.ERROR_TRACEBACK, str),
    )


def parse_outcome(span: Span, key: str) -> Outcome:
    """The outcome under one of the two result attributes."""
    return Outcome(span.get(key, str))


def parse_provenance(span: Span) -> Provenance:
    """Where an invocation's span says that it comes from."""
    packages = span.resource.get(schema.PACKAGES, ())
    return Provenance(
        trigger=span.get_resource(schema.TRIGGER, ""),
        actor=span.get_resource(schema.ACTOR, ""),
        repository_url=span.get_resource(schema.REPOSITORY_URL, ""),
        revision=span.get_resource(schema.REVISION, ""),
        branch=span.get_resource(schema.BRANCH, ""),
        pull_request=span.get_resource(schema.PULL_REQUEST, ""),
        dirty=span.get_resource(schema.DIRTY, False),
        ci_run_url=span.get_resource(schema.CI_RUN_URL, ""),
        python_version=span.get_resource(schema.PYTHON_VERSION, ""),
        os_type=span.get_resource(schema.OS_TYPE, ""),
        cpu_count=span.get_resource(schema.CPU_COUNT, 0),
        lock_sha256=span.get_resource(schema.LOCK_SHA256, ""),
        packages=tuple(str(package) for package in packages) if isinstance(packages, tuple) else (),
    )


def parse_object(text: str) -> dict[str, Json]:
    """A JSON object."""
    value = from_json(text)
    if not isinstance(value, dict):
        raise ValueError(f"{text!r:.100} is no JSON object")
    return value
