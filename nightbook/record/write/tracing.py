"""Spans of a run, written into a span file by OpenTelemetry's SDK.

One provider and one file per process, made after any fork. Each span is written and flushed when it
ends, so that a killed process keeps all spans that had ended.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock

from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    Link,
    NonRecordingSpan,
    SpanContext,
    StatusCode,
    Tracer,
    set_span_in_context,
)
from opentelemetry.util.types import AttributeValue

from nightbook.clock import process_clock
from nightbook.record.format import schema
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import trace_id_of
from nightbook.record.format.visible_text import encodable
from nightbook.record.write.span_context import new_span_id
from nightbook.record.write.span_file import SpanFile

Attributes = Mapping[str, AttributeValue]

_next_span_id: ContextVar[int | None] = ContextVar("next_span_id", default=None)


class _RecordIds(IdGenerator):
    """Gives all spans the run's trace id, and a span the id that its writer has chosen or a new one."""

    def __init__(self, trace_id: int) -> None:
        self._trace_id = trace_id

    def generate_span_id(self) -> int:
        return _next_span_id.get() or new_span_id()

    def generate_trace_id(self) -> int:
        return self._trace_id


@contextmanager
def open_tracer(path: Path, *, run_id: str, resource: Attributes | None = None) -> Iterator[Tracer]:
    """Yield a tracer that appends the run's spans to the file ``path`` while the context is open.

    ``resource`` are further attributes of the resource. Raise RecordError if nothing can be written there.
    """
    if os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        raise RecordError("OTEL_SDK_DISABLED=true is set, so nothing of the run would be recorded. Unset it.")
    unlimited = SpanLimits.UNSET
    provider = _Provider(
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


class _Provider(TracerProvider):
    """Says nothing of its process, so that a fork need not look for it, by a thread of its own."""

    def _handle_fork(self) -> None:
        self._tracers_lock = Lock()


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
    """Write a span whose start and end are known; it never ends before it starts.

    A process that goes on with what another machine has begun may have an earlier time. With ``span_id`` the
    span gets that id; with ``error`` its status is an error with this message.
    """
    reset = _next_span_id.set(span_id)
    try:
        span = tracer.start_span(
            encodable(name),
            context=set_span_in_context(NonRecordingSpan(parent), Context()) if parent else Context(),
            attributes={key: _encodable(value) for key, value in attributes.items()},
            links=[Link(link) for link in links],
            start_time=start_ns,
        )
    finally:
        _next_span_id.reset(reset)
    if error is not None:
        span.set_status(StatusCode.ERROR, encodable(error))
    span.end(max(start_ns, end_ns))


def write_event(
    tracer: Tracer,
    name: str,
    *,
    parent: SpanContext,
    attributes: Attributes,
    links: Sequence[SpanContext] = (),
    time_ns: int | None = None,
) -> None:
    """Write a zero-length span, now if no time is given: a fact even if this process is killed next."""
    at_ns = process_clock().now_ns() if time_ns is None else time_ns
    write_span(tracer, name, parent=parent, attributes=attributes, start_ns=at_ns, end_ns=at_ns, links=links)


def _encodable(value: AttributeValue) -> AttributeValue:
    """Return texts as OTLP can hold them: Python's may have halves of surrogate pairs, as in file names."""
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, tuple):
        return [encodable(item) if isinstance(item, str) else item for item in value]
    return value
