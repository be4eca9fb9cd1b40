"""Spans on their way to a file of the record, as OTLP/JSON lines.

One provider and one file per process, made after any fork. Each span is written and flushed when it
ends, so that a killed process keeps all spans that had ended.
"""

import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from opentelemetry.context import Context
from opentelemetry.exporter.otlp.json.common.trace_encoder import encode_spans
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    StatusCode,
    TraceFlags,
    Tracer,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.types import AttributeValue

from nightbook.record.format import schema
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import trace_id_of

Attributes = Mapping[str, AttributeValue]

_next_span_id: ContextVar[int | None] = ContextVar("next_span_id", default=None)


class SpanFile(SpanProcessor):
    """Appends each ended span to a file, in one write.

    The SDK's own processors log what an exporter raises and go on; here a span that cannot be
    written is an error, because what is not in the record did not happen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise _unwritable(path, error) from error

    def on_end(self, span: ReadableSpan) -> None:
        """Write the span's line whole or not at all."""
        line = json.dumps(encode_spans([span]).to_dict(), separators=(",", ":")).encode() + b"\n"
        before = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError as error:
            os.ftruncate(self._file, before)
            raise _unwritable(self._path, error) from error

    def shutdown(self) -> None:
        """Close the file."""
        os.close(self._file)


def _unwritable(path: Path, error: OSError) -> RecordError:
    return RecordError(
        f"cannot write the run record's span file {path}: {error.strerror}. "
        "Free some space or make the folder writable, then resume the run."
    )


class _RecordIds(IdGenerator):
    """The run's trace id, and span ids that ``random.seed(42)`` in a notebook cannot repeat."""

    def __init__(self, trace_id: int) -> None:
        self._trace_id = trace_id

    def generate_span_id(self) -> int:
        return _next_span_id.get() or new_span_id()

    def generate_trace_id(self) -> int:
        return self._trace_id


def new_span_id() -> int:
    """A random span id, 64 bits."""
    return secrets.randbits(64) or 1


@contextmanager
def span_file(path: Path, *, run_id: str, resource: Attributes | None = None) -> Iterator[Tracer]:
    """A tracer that writes the run's spans to ``path`` while the context is open."""
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        raise RecordError("OTEL_SDK_DISABLED=true is set, so nothing of the run would be recorded. Unset it.")
    unlimited = SpanLimits.UNSET
    provider = TracerProvider(
        sampler=ALWAYS_ON,
        resource=Resource(
            {
                schema.SERVICE_NAME: schema.SCOPE,
                schema.VERSION: schema.SCHEMA_VERSION,
                schema.RUN_ID: run_id,
                **(resource or {}),
            }
        ),
        id_generator=_RecordIds(trace_id_of(run_id)),
        span_limits=SpanLimits(
            max_span_attributes=unlimited,
            max_links=unlimited,
            max_attribute_length=unlimited,
            max_span_attribute_length=unlimited,
        ),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(SpanFile(path))
    try:
        yield provider.get_tracer(schema.SCOPE)
    finally:
        provider.shutdown()


def write_span(  # noqa: PLR0913 as many as a span has parts
    tracer: Tracer,
    name: str,
    *,
    parent: SpanContext | None,
    attributes: Attributes,
    start_ns: int,
    end_ns: int,
    span_id: int | None = None,
    links: Sequence[SpanContext] = (),
    error: str | None = None,
) -> None:
    """Write a span whose start and end are known.

    With ``span_id`` the span gets that id; with ``error`` its status is an error with this message.
    """
    reset = _next_span_id.set(span_id)
    try:
        span = tracer.start_span(
            _utf8(name),
            context=set_span_in_context(NonRecordingSpan(parent), Context()) if parent else Context(),
            attributes={
                key: _utf8(value) if isinstance(value, str) else value for key, value in attributes.items()
            },
            links=[Link(link) for link in links],
            start_time=start_ns,
        )
    finally:
        _next_span_id.reset(reset)
    if error is not None:
        span.set_status(StatusCode.ERROR, _utf8(error))
    span.end(end_ns)


def write_event(
    tracer: Tracer,
    name: str,
    *,
    parent: SpanContext,
    attributes: Attributes,
    links: Sequence[SpanContext] = (),
) -> None:
    """Write a zero-length span: something that is a fact from now on, even if we are killed."""
    now = time.time_ns()
    write_span(tracer, name, parent=parent, attributes=attributes, start_ns=now, end_ns=now, links=links)


def _utf8(text: str) -> str:
    """The text as OTLP can hold it: Python's may have halves of surrogate pairs, as in file names."""
    return text.encode(errors="replace").decode()


def span_context(trace_id: int, span_id: int) -> SpanContext:
    """The context of a span by its ids, whether it has been written or not."""
    return SpanContext(trace_id, span_id, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def to_traceparent(context: SpanContext) -> str:
    """The context as a W3C ``traceparent`` (https://www.w3.org/TR/trace-context/)."""
    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier, set_span_in_context(NonRecordingSpan(context)))
    return carrier["traceparent"]


def from_traceparent(traceparent: str) -> SpanContext:
    """The context of a ``traceparent``; RecordError if it is none."""
    context = TraceContextTextMapPropagator().extract({"traceparent": traceparent}, Context())
    found = get_current_span(context).get_span_context()
    if not found.is_valid:
        raise RecordError(f"TRACEPARENT={traceparent!r} is no W3C traceparent: the run's spans need one.")
    return found
