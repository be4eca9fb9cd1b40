"""All spans of a record as one OTLP/JSON document."""

import json
from pathlib import Path
from typing import Any

from tasks.runlog.span_files import SpanFiles


def otlp_document(spans: Path) -> str:
    """One ``ExportTraceServiceRequest`` with what the span files hold: Jaeger's page opens it.

    Each line of the files repeats its resource; here a resource stands once. Lines that cannot be
    read are left out.
    """
    resources: dict[str, dict[str, Any]] = {}
    for _, line in SpanFiles(spans).new_lines():
        for resource_spans in _resource_spans(line):
            key = json.dumps(resource_spans.get("resource"), sort_keys=True)
            known = resources.setdefault(key, {**resource_spans, "scopeSpans": []})
            known["scopeSpans"] += resource_spans.get("scopeSpans", [])
    return json.dumps({"resourceSpans": list(resources.values())}, separators=(",", ":"))


def _resource_spans(line: bytes) -> list[dict[str, Any]]:
    try:
        match json.loads(line):
            case {"resourceSpans": list(found)}:
                return [spans for spans in found if isinstance(spans, dict) and _is_list(spans)]
    except (ValueError, RecursionError):
        pass
    return []


def _is_list(spans: dict[str, Any]) -> bool:
    return isinstance(spans.get("scopeSpans", []), list)
