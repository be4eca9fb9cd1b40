"""Records that others wrote: the reader reads all it can, and names what it leaves out."""

import dataclasses
import json
import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from opentelemetry.trace import SpanContext

import nightbook
from nightbook.record.format import schema
from nightbook.record.format.attributes import to_attributes
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import invocation_span_id, trace_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Artifact, ArtifactType, LoggedValue, Outcome, Run, ValueType
from nightbook.record.format.schema import AttemptStart, Kind
from nightbook.record.format.values import MAX_JSON_LENGTH
from nightbook.record.read.reader import read_run
from nightbook.record.write.span_context import span_context
from nightbook.record.write.tracing import Attributes, open_tracer, write_event
from tests.support.recording import (
    ERROR,
    MAKE,
    RUN_ID,
    TASKS,
    USE,
    declared,
    outcomes,
    recorded_invocation,
    run_attempt,
)

TRACE_ID = trace_id_of(RUN_ID)
VALUE = to_attributes(LoggedValue("x", ValueType.VALUE, 1, step=None, time_ns=0))
ARTIFACT = to_attributes(Artifact("x", ArtifactType.TEXT, "text/plain", 1, "0" * 64, PurePosixPath()))


def write(
    folder: RunFolder,
    attributes: Attributes,
    *,
    parent: SpanContext,
    run_id: str = RUN_ID,
    file: str = "other",
    resource: Attributes | None = None,
) -> None:
    """Write a span that no recorder would write."""
    with open_tracer(folder.spans / f"{file}.jsonl", run_id=run_id, resource=resource) as tracer:
        write_event(tracer, "other", parent=parent, attributes=attributes)


def only_problem(run: Run) -> str:
    [problem] = run.problems
    return problem


def test_what_is_no_file_is_no_span_file(recorded: RunFolder) -> None:
    """A pipe would be read for ever."""
    os.mkfifo(recorded.spans / "pipe.jsonl")
    (recorded.spans / "folder.jsonl").mkdir()

    assert outcomes(read_run(recorded.path)) == {MAKE: [Outcome.SUCCESS], USE: [Outcome.SUCCESS]}


@pytest.mark.promise("A damaged line of a record is left out and named, and the rest is read.")
def test_a_half_written_last_line_is_left_out_and_named(recorded: RunFolder) -> None:
    file = recorded.task(USE).attempt(1).spans
    file.write_bytes(file.read_bytes()[:-20])

    run = read_run(recorded.path)

    assert only_problem(run) == f"spans/{file.name} ends in the middle of a line, which is left out"
    assert outcomes(run) == {MAKE: [Outcome.SUCCESS], USE: [Outcome.INTERRUPTED]}
    assert run.task(USE).metrics == {"number": 1}


def span_line(**fields: object) -> bytes:
    span = {"traceId": f"{TRACE_ID:032x}", "spanId": "1" * 16, "startTimeUnixNano": "1"}
    spans = [{"spans": [{**span, "endTimeUnixNano": "2", **fields}]}]
    return json.dumps({"resourceSpans": [{"scopeSpans": spans}]}).encode()


@pytest.mark.promise("A damaged line of a record is left out and named, and the rest is read.")
@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"{}",
        b"[]",
        b"null",
        b'{"resourceSpans": null}',
        b'{"resourceSpans": [{"scopeSpans": [{"spans": [7]}]}]}',
        b"[" * 100_000,
        span_line(),
        span_line(startTimeUnixNano=math.inf),
        span_line(startTimeUnixNano=-1),
        span_line(endTimeUnixNano=10**30),
        span_line(endTimeUnixNano=[]),
        span_line(attributes={"a": 1}),
        span_line(attributes=[{"key": "a", "value": {"intValue": "9" * 30}}]),
        span_line(attributes=[{"key": "a", "value": {"doubleValue": 10**400}}]),
        span_line(attributes=[{"key": "a", "value": {"bytesValue": "AA=="}}]),
        span_line(links=[{}]),
    ],
)
def test_a_line_that_is_garbage_is_left_out_and_named(recorded: RunFolder, line: bytes) -> None:
    whole = read_run(recorded.path)
    file = recorded.task(MAKE).attempt(1).spans
    first, rest = file.read_bytes().split(b"\n", 1)
    file.write_bytes(first + b"\n" + line + b"\n" + rest)

    run = read_run(recorded.path)

    assert only_problem(run).startswith(f"spans/{file.name} has a ")
    assert len(only_problem(run)) < 500
    assert dataclasses.replace(run, problems=()) == whole


def altered_records(folder: RunFolder) -> Iterator[tuple[str, str]]:
    """Gives one attribute after the other a wrong value; yields the file's name and the attribute's."""
    for file in sorted(folder.spans.glob("*.jsonl")):
        good = file.read_bytes()
        lines = good.splitlines()
        for number, line in enumerate(lines):
            for index in range(len(attributes_of(json.loads(line)))):
                for value in ({"stringValue": "\ud800../"}, {"arrayValue": {}}):
                    request = json.loads(line)
                    attribute = attributes_of(request)[index]
                    attribute["value"] = value
                    altered = [*lines[:number], json.dumps(request).encode(), *lines[number + 1 :], b""]
                    file.write_bytes(b"\n".join(altered))
                    yield file.name, attribute["key"]
        file.write_bytes(good)


def attributes_of(request: Any) -> list[Any]:
    [resource_spans] = request["resourceSpans"]
    [span] = resource_spans["scopeSpans"][0]["spans"]
    return [*resource_spans["resource"]["attributes"], *span["attributes"]]


def test_whatever_attribute_is_wrong_the_rest_is_read_and_can_be_shown(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR, lambda: nightbook.log_metric("loss", 1, step=1))
    read = 0

    for file, key in altered_records(folder):
        try:
            run = read_run(folder.path)
        except RecordError:
            assert file == "run-01.jsonl", f"{key} of {file} makes the whole record unreadable"
        else:
            repr(run).encode()
            read += 1

    assert read > 200


@pytest.mark.promise("No name in a record leads out of its folder.")
@pytest.mark.parametrize("task_id", ["../../x", "/etc", "a/../../x", "a/b/c", ""])
def test_a_task_with_a_hostile_id_is_left_out(recorded: RunFolder, task_id: str) -> None:
    write(
        recorded,
        {
            schema.KIND: Kind.TASK_DECLARED,
            **to_attributes(dataclasses.replace(declared("x"), task_id=task_id)),
        },
        parent=span_context(TRACE_ID, invocation_span_id(TRACE_ID, 1)),
    )

    run = read_run(recorded.path)

    assert [task.task_id for task in run.tasks] == [MAKE, USE]
    assert "is not a task id" in only_problem(run)


@pytest.mark.parametrize(
    ("kind", "attributes"),
    [
        (Kind.ARTIFACT, ARTIFACT | {"nightbook.artifact.name": "../x"}),
        (Kind.VALUE, VALUE | {"nightbook.value.name": "a\n../x"}),
        (Kind.VALUE, VALUE | {"nightbook.value.json": "[" * 60_000}),
        (Kind.VALUE, VALUE | {"nightbook.value.json": "[" * 900 + "]" * 900}),
        (Kind.VALUE, VALUE | {"nightbook.value.json": f'"{"x" * MAX_JSON_LENGTH}"'}),
        (Kind.VALUE, VALUE | {"nightbook.value.type": "metric", "nightbook.value.json": '"high"'}),
        (Kind.VALUE, VALUE | {"nightbook.value.type": "metric", "nightbook.value.json": "true"}),
        (Kind.VALUE, VALUE | {"nightbook.value.type": "y" * 9999}),
    ],
)
def test_a_hostile_part_of_an_attempt_is_left_out(
    folder: RunFolder, kind: Kind, attributes: Attributes
) -> None:
    with recorded_invocation(folder, TASKS, None):
        context = run_attempt(folder, MAKE)
    write(folder, {schema.KIND: kind, **attributes}, parent=context)

    run = read_run(folder.path)

    [made] = run.task(MAKE).attempts
    assert [artifact.name for artifact in made.artifacts] == ["note.txt"]
    assert made.metrics == {"number": 1}
    assert len(made.values) == 1
    assert only_problem(run).startswith("spans/other.jsonl has a span that is left out: ")
    assert len(only_problem(run)) < 500


@pytest.mark.parametrize("file", ["aaa", "zzz"])
def test_a_span_of_another_run_is_left_out(recorded: RunFolder, file: str) -> None:
    other = "20200101T000000Z-000000"
    write(
        recorded,
        {schema.KIND: Kind.RUN_START},
        parent=span_context(trace_id_of(other), 1),
        run_id=other,
        file=file,
    )

    run = read_run(recorded.path)

    assert (run.run_id, run.outcome) == (RUN_ID, Outcome.SUCCESS)
    assert f"it belongs to the trace '{trace_id_of(other):032x}', not to this run's" in only_problem(run)


def test_an_attempt_of_an_undeclared_task_is_left_out(recorded: RunFolder) -> None:
    run_attempt(recorded, "stranger")

    run = read_run(recorded.path)

    assert outcomes(run) == {MAKE: [Outcome.SUCCESS], USE: [Outcome.SUCCESS]}
    assert "task that was not declared is left out: 'stranger'" in only_problem(run)


@pytest.mark.parametrize(("task_id", "number"), [("../../stranger", 1), (USE, 0), (USE, 10**6), (USE, -1)])
def test_an_attempt_whose_folder_no_record_can_have_is_left_out(
    recorded: RunFolder, task_id: str, number: int
) -> None:
    start = AttemptStart(task_id, number, cell_count=1, start_ns=1)
    write(
        recorded,
        {schema.KIND: Kind.ATTEMPT_START, **to_attributes(start)},
        parent=span_context(TRACE_ID, 0xABC),
    )

    run = read_run(recorded.path)

    assert outcomes(run) == {MAKE: [Outcome.SUCCESS], USE: [Outcome.SUCCESS]}
    assert only_problem(run).startswith("spans/other.jsonl has a span that is left out: ")


def test_what_an_unknown_attempt_logged_is_left_out(recorded: RunFolder) -> None:
    write(recorded, {schema.KIND: Kind.VALUE, **VALUE}, parent=span_context(TRACE_ID, 0xABC))

    assert "the attempt '0000000000000abc', of which nothing else is known" in only_problem(
        read_run(recorded.path)
    )


def test_a_record_of_a_newer_version_is_refused(recorded: RunFolder) -> None:
    write(
        recorded,
        {schema.KIND: "something new"},
        parent=span_context(TRACE_ID, 1),
        resource={schema.VERSION: schema.SCHEMA_VERSION + 1},
    )

    with pytest.raises(RecordError, match=rf"run {RUN_ID} has schema version 2, .* up to 1: update it"):
        read_run(recorded.path)


def test_a_run_id_that_is_none_is_not_taken_from_the_spans(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "downloaded")
    write(folder, {}, parent=span_context(1, 1), run_id="../../x")

    with pytest.raises(RecordError, match="neither its name nor its spans have a run id"):
        read_run(folder.path)
