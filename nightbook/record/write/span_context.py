"""The ids that connect spans: new ones, derived ones, and those that another process passes on."""

import secrets

from opentelemetry.context import Context
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    TraceFlags,
    get_current_span,
    set_span_in_context,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from nightbook.record.format.errors import RecordError


def new_span_id() -> int:
    """Return a random span id, 64 bits, that ``random.seed(42)`` in a notebook cannot repeat."""
    return secrets.randbits(64) or 1


def span_context(trace_id: int, span_id: int) -> SpanContext:
    """Return the context of the span with these ids, which need not be written yet."""
    return SpanContext(trace_id, span_id, is_remote=False, trace_flags=TraceFlags(TraceFlags.SAMPLED))


def to_traceparent(context: SpanContext) -> str:
    """Return the context as a W3C ``traceparent`` (https://www.w3.org/TR/trace-context/)."""
    carrier: dict[str, str] = {}
    TraceContextTextMapPropagator().inject(carrier, set_span_in_context(NonRecordingSpan(context)))
    return carrier["traceparent"]


def from_traceparent(traceparent: str) -> SpanContext:
    """Return the context of a W3C ``traceparent``; raise RecordError if the text is not one."""
    context = TraceContextTextMapPropagator().extract({"traceparent": traceparent}, Context())
    found = get_current_span(context).get_span_context()
    if not found.is_valid:
        raise RecordError(f"TRACEPARENT={traceparent!r} is not a W3C traceparent: the run's spans need one.")
    return found
