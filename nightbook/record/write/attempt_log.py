"""Puts logged values and files into the active attempt's record; outside a run it prints."""

import atexit
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from opentelemetry.trace import Tracer

from nightbook.record.format import schema
from nightbook.record.format.attributes import to_attributes
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.schema import Artifact, Kind, LoggedValue
from nightbook.record.format.values import Json, to_json
from nightbook.record.format.vocabulary import ArtifactType, ValueType
from nightbook.record.write.artifact_names import check_new_names
from nightbook.record.write.artifacts import StoredFile, store_bytes, store_copy
from nightbook.record.write.attempt_context import ActiveAttempt, active_attempt
from nightbook.record.write.tracing import open_tracer, write_event


def record_value(name: str, value_type: ValueType, value: Json, step: int | None = None) -> None:
    """Record a value; its name, itself and its step have been checked."""
    attempt = active_attempt()
    if attempt is None:
        print(f"{value_type} {name} = {to_json(value)}" + ("" if step is None else f" (step {step})"))
    else:
        _write(attempt, Kind.VALUE, LoggedValue(name, value_type, value, step, attempt.clock.now_ns()))


def check_new_artifacts(names: Iterable[str]) -> None:
    """Raise ValueError if files of these checked names cannot stand beside those of the attempt."""
    attempt = active_attempt()
    check_new_names(names, attempt.folder.artifacts if attempt else None)


def record_bytes(name: str, artifact_type: ArtifactType, data: bytes) -> None:
    """Store bytes under a checked name, and record them."""
    check_new_artifacts([name])
    attempt = active_attempt()
    if attempt is None:
        print(f"{artifact_type} {name} ({len(data)} bytes)")
    else:
        stored = store_bytes(data, attempt.folder.artifacts / name)
        _write(attempt, Kind.ARTIFACT, _artifact(attempt, name, artifact_type, stored, {}))


def record_file(name: str, source: Path, metadata: Mapping[str, Json]) -> None:
    """Store a copy of a file under a checked name, and record it with its checked metadata."""
    check_new_artifacts([name])
    attempt = active_attempt()
    if attempt is None:
        print(f"{ArtifactType.FILE} {name} ({source.stat().st_size} bytes)")
    else:
        stored = store_copy(source, attempt.folder.artifacts / name)
        _write(attempt, Kind.ARTIFACT, _artifact(attempt, name, ArtifactType.FILE, stored, metadata))


def _artifact(
    attempt: ActiveAttempt,
    name: str,
    artifact_type: ArtifactType,
    stored: StoredFile,
    metadata: Mapping[str, Json],
) -> Artifact:
    return Artifact(
        name=name,
        type=artifact_type,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        path=attempt.folder.artifact(name),
        metadata=metadata,
    )


def _write(attempt: ActiveAttempt, kind: Kind, logged: LoggedValue | Artifact) -> None:
    write_event(
        _tracer(attempt.folder),
        f"{logged.type} {logged.name}",
        parent=attempt.span,
        attributes={schema.KIND: kind, **to_attributes(logged)},
        time_ns=logged.time_ns if isinstance(logged, LoggedValue) else attempt.clock.now_ns(),
    )


@cache
def _tracer(folder: AttemptFolder) -> Tracer:
    """Return this process's tracer: opened when the first thing is logged, closed when the process ends."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(open_tracer(folder.notebook_spans, run_id=folder.task.run.run_id))
