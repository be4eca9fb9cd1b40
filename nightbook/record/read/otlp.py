"""Span files read back: OTLP/JSON lines as typed spans."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from nightbook.record.format.attributes import check_type
from nightbook.record.format.visible_text import encodable

AttributeValue: TypeAlias = "str | bool | int | float | tuple[AttributeValue, ...]"
_T = TypeVar("_T", str, bool, int, float)


@dataclass(frozen=True, slots=True)
class Span:
    """One span with its resource's attributes."""

    trace_id: str
    span_id: str
    parent_id: str
    start_ns: int
    end_ns: int
    attributes: Mapping[str, AttributeValue]
    resource: Mapping[str, AttributeValue]
    links: tuple[str, ...] = ()

    def get(self, key: str, kind: type[_T]) -> _T:
        """Return the attribute's value; raise ValueError if it is missing or of another type."""
        return check_type(key, self.attributes.get(key), kind)

    def get_resource(self, key: str, default: _T) -> _T:
        """Return the resource attribute's value, or ``default`` if it is missing."""
        return check_type(key, self.resource[key], type(default)) if key in self.resource else default


def parse_line(line: bytes) -> list[Span]:
    """Return the spans of one ``ExportTraceServiceRequest``; raise ValueError if the line is not one.

    https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
    """
    try:
        return [
            _span(span, resource)
            for resource_spans in json.loads(line)["resourceSpans"]
            for resource in [_attributes(resource_spans.get("resource", {}).get("attributes", []))]
            for scope_spans in resource_spans["scopeSpans"]
            for span in scope_spans["spans"]
        ]
    except (KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise ValueError(f"not an OTLP/JSON trace request: {error!r:.200}") from error


def _span(span: Any, resource: Mapping[str, AttributeValue]) -> Span:
    start_ns = _integer(span["startTimeUnixNano"], 0, 2**64)
    return Span(
        trace_id=str(span["traceId"]),
        span_id=str(span["spanId"]),
        parent_id=str(span.get("parentSpanId", "")),
        start_ns=start_ns,
        # An older version has written an earlier end when the machine's clock was set back.
        end_ns=max(start_ns, _integer(span["endTimeUnixNano"], 0, 2**64)),
        attributes=_attributes(span.get("attributes", [])),
        resource=resource,
        links=tuple(str(link["spanId"]) for link in span.get("links", [])),
    )


def _attributes(pairs: Any) -> dict[str, AttributeValue]:
    return {str(pair["key"]): _value(pair["value"]) for pair in pairs}


def _value(value: Any) -> AttributeValue:
    text = value.get("stringValue")
    if isinstance(text, str):  # most are: a resource names a hundred packages
        return encodable(text)
    match value:
        case {"boolValue": bool(flag)}:
            return flag
        case {"intValue": int() | str() as number}:
            return _integer(number, -(2**63), 2**63)
        case {"doubleValue": int() | float() | str() as number}:
            return float(number)
        case {"arrayValue": {"values": list(items)}}:
            return tuple(_value(item) for item in items)
        case {"arrayValue": {}}:
            return ()
        case _:
            raise ValueError(f"an attribute value of a kind that no span of a record has: {value!r:.100}")


def _integer(value: Any, low: int, end: int) -> int:
    """Return an integer of OTLP, which has 64 bits; raise ValueError if it is out of range."""
    number = int(value)
    if not low <= number < end:
        raise ValueError(f"{value!r:.100} is out of range")
    return number
