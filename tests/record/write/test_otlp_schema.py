"""Every line of a record is OTLP, by OTLP's own schema."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import Parse, ParseError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

import nightbook
from nightbook.record.format.identity import trace_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.record.format.schema import KIND, SCHEMA_VERSION, VERSION, Kind
from tests.support.recording import ERROR, MAKE, RUN_ID, TASKS, USE, recorded_invocation, run_attempt

_IDS = ("traceId", "spanId", "parentSpanId")


def parsed(line: str) -> ExportTraceServiceRequest:
    """The request by protobuf's own JSON mapping, which has ids in base64 and refuses unknown fields.

    https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
    """
    request = json.loads(line, object_hook=_with_base64_ids)
    return Parse(json.dumps(request), ExportTraceServiceRequest())


def _with_base64_ids(value: dict[str, Any]) -> dict[str, Any]:
    ids = {key: base64.b64encode(bytes.fromhex(value[key])).decode() for key in _IDS if key in value}
    return {**value, **ids}


def spans_of(folder: RunFolder) -> list[Span]:
    requests = [
        parsed(line) for file in folder.spans.glob("*.jsonl") for line in file.read_text().splitlines()
    ]
    return [
        span
        for request in requests
        for resource_spans in request.resource_spans
        for scope_spans in resource_spans.scope_spans
        for span in scope_spans.spans
    ]


def kind_of(span: Span) -> str:
    [kind] = [pair.value.string_value for pair in span.attributes if pair.key == KIND]
    return kind


@pytest.fixture
def resumed(folder: RunFolder, tmp_path: Path) -> RunFolder:
    """The record of a killed and resumed run, with spans of every kind and text of every sort."""
    file = tmp_path / "model.bin"
    file.write_bytes(b"model")

    def log() -> None:
        nightbook.log_param("text", "größe \ud800 \u2028 \0 😀")
        nightbook.log_metric("loss", float("nan"), step=-1)
        nightbook.log_value("nested", {"a": [None, True, 1e300, 10**400]})
        nightbook.log_artifact(file, metadata={"inputs": 64})

    with recorded_invocation(folder, TASKS, None):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR)
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE, 2, log=log)
        run_attempt(folder, USE, 1, Outcome.TIMEOUT, ERROR)
    return folder


def test_every_line_is_a_trace_request(resumed: RunFolder) -> None:
    spans = spans_of(resumed)

    assert {kind_of(span) for span in spans} == set(Kind)
    for span in spans:
        assert (len(span.trace_id), len(span.span_id)) == (16, 8)
        assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
        assert span.name


def test_every_line_tells_its_version(resumed: RunFolder) -> None:
    lines = [line for file in resumed.spans.glob("*.jsonl") for line in file.read_text().splitlines()]
    resources = [parsed(line).resource_spans[0].resource for line in lines]

    versions = [pair.value.int_value for of in resources for pair in of.attributes if pair.key == VERSION]
    assert versions == [SCHEMA_VERSION] * len(lines)


def test_all_spans_are_of_one_trace_and_have_ids_of_their_own(resumed: RunFolder) -> None:
    spans = spans_of(resumed)

    assert {span.trace_id.hex() for span in spans} == {f"{trace_id_of(RUN_ID):032x}"}
    assert len({span.span_id for span in spans}) == len(spans)


def test_parents_and_links_are_there_unless_an_invocation_never_ended(resumed: RunFolder) -> None:
    spans = spans_of(resumed)
    ids = {span.span_id: kind_of(span) for span in spans}

    roots = [span for span in spans if not span.parent_span_id]
    orphans = [kind_of(span) for span in spans if span.parent_span_id and span.parent_span_id not in ids]
    parents = {(kind_of(span), ids[span.parent_span_id]) for span in spans if span.parent_span_id in ids}
    links = [link.span_id for span in spans if kind_of(span) == Kind.TASK for link in span.links]

    assert [kind_of(span) for span in roots] == [Kind.RUN]
    # Of the first invocation, which was killed: run and task spans are written when it ends.
    assert sorted(orphans) == [Kind.ATTEMPT, Kind.RUN_START, Kind.TASK_DECLARED, Kind.TASK_DECLARED]
    assert parents == {
        (Kind.RUN_START, Kind.RUN),
        (Kind.TASK_DECLARED, Kind.RUN),
        (Kind.TASK, Kind.RUN),
        (Kind.ATTEMPT, Kind.TASK),
        (Kind.ATTEMPT_START, Kind.ATTEMPT),
        (Kind.CELL, Kind.ATTEMPT),
        (Kind.VALUE, Kind.ATTEMPT),
        (Kind.ARTIFACT, Kind.ATTEMPT),
    }
    assert [ids[link] for link in links] == [Kind.TASK]


def test_what_went_wrong_has_the_status_of_an_error(resumed: RunFolder) -> None:
    failed = {(kind_of(span), span.status.message) for span in spans_of(resumed) if span.status.code == 2}

    assert failed == {
        (Kind.RUN, "failure"),
        (Kind.ATTEMPT, "KeyError: 'label'"),
        (Kind.CELL, "the cell raised"),
    }


@pytest.mark.parametrize("line", ['{"resourceSpans": [{"oops": 1}]}', '{"resourceSpans": {}}', "nonsense"])
def test_the_schema_refuses_what_is_not_otlp(line: str) -> None:
    with pytest.raises((ParseError, ValueError)):
        parsed(line)
