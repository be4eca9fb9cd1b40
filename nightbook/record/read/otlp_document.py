"""All spans of a record as one OTLP/JSON document."""

import json
from pathlib import Path
from typing import Any

from nightbook.record.read.span_files import SpanFiles


def otlp_document(spans: Path) -> str:
    """Return one ``ExportTraceServiceRequest`` with all spans of the files, which Jaeger's page can open.

    Each line of a file repeats its resource; here it stands once for each file. Lines that cannot be
    read are left out.
    """
    found: list[dict[str, Any]] = []
    for _, line in SpanFiles(spans).new_lines():
        for resource_spans in _resource_spans(line):
            if found and found[-1].get("resource") == resource_spans.get("resource"):
                found[-1]["scopeSpans"] += resource_spans["scopeSpans"]
            else:
                found.append(resource_spans)
    return json.dumps({"resourceSpans": found}, separators=(",", ":"))


def _resource_spans(line: bytes) -> list[dict[str, Any]]:
    try:
        match json.loads(line):
            case {"resourceSpans": list(found)}:
                return [spans for spans in found if isinstance(spans, dict) and _is_list(spans)]
    except (ValueError, RecursionError):
        pass
    return []


def _is_list(spans: dict[str, Any]) -> bool:
    return isinstance(spans.get("scopeSpans"), list)
