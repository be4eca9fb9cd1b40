"""All spans of a record in one document."""

import json
from pathlib import Path

from nightbook.record.read.otlp_document import otlp_document
from nightbook.record.read.span_files import SpanFiles
from tests.support.project import REPOSITORY

SPANS = REPOSITORY / "tests" / "record" / "records" / "v1" / "20261123T031700Z-7f3a2c" / "spans"


def span_ids(document: str) -> list[str]:
    return sorted(
        span["spanId"]
        for resource in json.loads(document)["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    )


def test_every_span_is_there_once_and_each_file_has_its_resource_once() -> None:
    files = SpanFiles(SPANS)
    spans = [span.span_id for _, span in files.new_spans()]
    assert files.problems  # the record has a line that nobody can read

    document = otlp_document(SPANS)

    assert span_ids(document) == sorted(spans)
    assert len(json.loads(document)["resourceSpans"]) <= len(list(SPANS.glob("*.jsonl")))


def test_lines_that_are_no_spans_are_left_out(tmp_path: Path) -> None:
    good = '{"resourceSpans": [{"scopeSpans": [{"spans": [{"spanId": "a"}]}]}]}'
    bad = ["no JSON", "[]", "1", '{"resourceSpans": 1}', '{"resourceSpans": [1, {"scopeSpans": 1}]}']
    (tmp_path / "run-01.jsonl").write_text("\n".join([good, *bad, "[" * 9999, good, "half"]))

    assert span_ids(otlp_document(tmp_path)) == ["a", "a"]
