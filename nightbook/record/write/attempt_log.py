"""Puts logged values and files into the active attempt's record; outside a run it prints."""

import atexit
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from opentelemetry.trace import Tracer

from nightbook.record.format import schema
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import ArtifactType, ValueType
from nightbook.record.format.schema import Kind
from nightbook.record.write.artifacts import StoredFile, store_bytes, store_copy
from nightbook.record.write.attempt_context import ActiveAttempt, active_attempt
from nightbook.record.write.tracing import Attributes, span_file, write_event


def record_value(name: str, value_type: ValueType, text: str, step: int | None = None) -> None:
    """Record a checked name and its value's JSON text."""
    attempt = active_attempt()
    if attempt is None:
        print(f"{value_type} {name} = {text}" + ("" if step is None else f" (step {step})"))
        return
    attributes: dict[str, str | int] = {
        schema.KIND: Kind.VALUE,
        schema.VALUE_NAME: name,
        schema.VALUE_TYPE: value_type,
        schema.VALUE_JSON: text,
    }
    if step is not None:
        attributes[schema.VALUE_STEP] = step
    _write(attempt, f"{value_type} {name}", attributes)


def record_bytes(name: str, artifact_type: ArtifactType, data: bytes) -> None:
    """Store bytes under a checked name, and record them."""
    attempt = active_attempt()
    if attempt is None:
        print(f"{artifact_type} {name} ({len(data)} bytes)")
    else:
        _announce(attempt, name, artifact_type, store_bytes(data, attempt.folder.artifacts / name))


def record_file(name: str, source: Path, metadata: str) -> None:
    """Store a copy of a file under a checked name, and record it with its metadata's JSON text."""
    attempt = active_attempt()
    if attempt is None:
        print(f"{ArtifactType.FILE} {name} ({source.stat().st_size} bytes)")
    else:
        stored = store_copy(source, attempt.folder.artifacts / name)
        _announce(attempt, name, ArtifactType.FILE, stored, metadata)


def _announce(
    attempt: ActiveAttempt, name: str, artifact_type: ArtifactType, stored: StoredFile, metadata: str = "{}"
) -> None:
    _write(
        attempt,
        f"{artifact_type} {name}",
        {
            schema.KIND: Kind.ARTIFACT,
            schema.ARTIFACT_NAME: name,
            schema.ARTIFACT_TYPE: artifact_type,
            schema.MEDIA_TYPE: stored.media_type,
            schema.SIZE_BYTES: stored.size_bytes,
            schema.SHA256: stored.sha256,
            schema.METADATA: metadata,
        },
    )


def _write(attempt: ActiveAttempt, name: str, attributes: Attributes) -> None:
    write_event(_tracer(attempt.folder), name, parent=attempt.span, attributes=attributes)


@cache
def _tracer(folder: AttemptFolder) -> Tracer:
    """This process's tracer: opened when the first thing is logged, closed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(span_file(folder.notebook_spans, run_id=folder.task.run.run_id))
