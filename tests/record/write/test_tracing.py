import json
import os
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import Tracer

from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import trace_id_of
from nightbook.record.write.span_context import new_span_id, span_context
from nightbook.record.write.tracing import (
    open_tracer,
    write_event,
    write_span,
)
from tests.support.recording import RUN_ID, python

TRACE_ID = trace_id_of(RUN_ID)
PARENT = span_context(TRACE_ID, 1)
TINY_DISK_BYTES = 64 * 1024


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "spans" / "process.jsonl"


@pytest.fixture
def tracer(file: Path) -> Iterator[Tracer]:
    with open_tracer(file, run_id=RUN_ID) as tracer:
        yield tracer


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={TINY_DISK_BYTES}", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("only root can mount a disk that is small enough to fill")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def spans_of(file: Path) -> list[dict[str, Any]]:
    """The spans of a file; it has only whole lines."""
    text = file.read_text(encoding="utf-8")
    assert text.endswith("\n")
    requests = [json.loads(line) for line in text.splitlines()]
    return [request["resourceSpans"][0]["scopeSpans"][0]["spans"][0] for request in requests]


def attributes_of(span: dict[str, Any]) -> dict[str, Any]:
    return {pair["key"]: pair["value"] for pair in span["attributes"]}


@pytest.mark.promise("A span is a whole line of its file or is not there, also on a full disk.")
def test_each_span_is_written_at_once_and_whole(file: Path, tracer: Tracer) -> None:
    for count in range(1, 4):
        write_event(tracer, f"event {count}", parent=PARENT, attributes={"text": "line\nbreak \u2028 😀"})

        assert [span["name"] for span in spans_of(file)] == [f"event {n}" for n in range(1, count + 1)]


def test_a_span_has_the_ids_times_links_and_status_it_is_given(file: Path, tracer: Tracer) -> None:
    write_span(
        tracer,
        "whole",
        parent=PARENT,
        span_id=0xABC,
        attributes={},
        start_ns=5,
        end_ns=7,
        links=[span_context(TRACE_ID, 2)],
        error="it failed",
    )

    [span] = spans_of(file)
    assert (span["traceId"], span["spanId"], span["parentSpanId"]) == (
        f"{TRACE_ID:032x}",
        f"{0xABC:016x}",
        f"{1:016x}",
    )
    assert (int(span["startTimeUnixNano"]), int(span["endTimeUnixNano"])) == (5, 7)
    assert [link["spanId"] for link in span["links"]] == [f"{2:016x}"]
    assert (span["status"]["code"], span["status"]["message"]) == (2, "it failed")


def test_a_span_without_parent_is_the_root_of_the_runs_trace(file: Path, tracer: Tracer) -> None:
    write_span(tracer, "root", parent=None, attributes={}, start_ns=1, end_ns=2)

    [span] = spans_of(file)
    assert span["traceId"] == f"{TRACE_ID:032x}"
    assert "parentSpanId" not in span


def test_seeding_random_does_not_repeat_ids(file: Path, tracer: Tracer) -> None:
    given = set()
    for _ in range(20):
        random.seed(42)
        given.add(new_span_id())
        write_event(tracer, "event", parent=PARENT, attributes={})

    assert len(given | {int(span["spanId"], 16) for span in spans_of(file)}) == 40


@pytest.mark.parametrize("value", ["true", "TRUE"])
def test_a_disabled_sdk_is_an_error_before_anything_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("OTEL_SDK_DISABLED", value)

    with (
        pytest.raises(RecordError, match=r"OTEL_SDK_DISABLED=true .* Unset it"),
        open_tracer(file, run_id=RUN_ID),
    ):
        pass
    assert not file.exists()


def test_limits_and_samplers_of_the_environment_cut_nothing(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("", "SPAN_", "LINK_"):
        monkeypatch.setenv(f"OTEL_{kind}ATTRIBUTE_COUNT_LIMIT", "1")
        monkeypatch.setenv(f"OTEL_{kind}ATTRIBUTE_VALUE_LENGTH_LIMIT", "1")
    monkeypatch.setenv("OTEL_SPAN_LINK_COUNT_LIMIT", "1")
    monkeypatch.setenv("OTEL_TRACES_SAMPLER", "always_off")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "nightbook.schema.version=99")
    attributes = {f"key {number}": "x" * 100_000 for number in range(200)}
    links = [span_context(TRACE_ID, number) for number in range(1, 201)]

    with open_tracer(file, run_id=RUN_ID, resource={"packages": ["x" * 1000] * 1000}) as tracer:
        write_event(tracer, "event", parent=PARENT, attributes=attributes, links=links)

    [span] = spans_of(file)
    assert attributes_of(span) == {key: {"stringValue": text} for key, text in attributes.items()}
    assert len(span["links"]) == 200
    [request] = file.read_text(encoding="utf-8").splitlines()
    resource = attributes_of(json.loads(request)["resourceSpans"][0]["resource"])
    assert resource["nightbook.schema.version"] == {"intValue": "1"}
    assert resource["packages"]["arrayValue"]["values"] == [{"stringValue": "x" * 1000}] * 1000


def test_half_a_surrogate_pair_becomes_text_that_can_be_read(file: Path, tracer: Tracer) -> None:
    write_event(tracer, "half \ud800", parent=PARENT, attributes={"text": "half \udcff"})

    [span] = spans_of(file)
    assert (span["name"], span["attributes"][0]["value"]["stringValue"]) == ("half \\ud800", "half \\udcff")


@pytest.mark.promise("A span is a whole line of its file or is not there, also on a full disk.")
def test_a_full_disk_leaves_whole_lines_and_is_an_error(tiny_disk: Path) -> None:
    file = tiny_disk / "process.jsonl"
    written = 0

    def fill(tracer: Tracer) -> None:
        nonlocal written
        for _ in range(TINY_DISK_BYTES // 5000):
            write_event(tracer, "event", parent=PARENT, attributes={"text": "x" * 5000})
            written += 1

    with open_tracer(file, run_id=RUN_ID) as tracer:
        with pytest.raises(RecordError, match=rf"span file {file}: No space left .* Free some space"):
            fill(tracer)

        assert written > 5
        assert len(spans_of(file)) == written

        write_event(tracer, "small", parent=PARENT, attributes={})
        assert spans_of(file)[-1]["name"] == "small"


def test_a_file_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "spans").write_text("a file where the folder should be")
    file = tmp_path / "spans" / "process.jsonl"

    with pytest.raises(RecordError, match=f"span file {file}"), open_tracer(file, run_id=RUN_ID):
        pass


@pytest.mark.promise("Values that several processes log at once are all kept.")
def test_all_spans_of_forked_children_are_kept(tmp_path: Path) -> None:
    done = python(
        f"""
        import os, signal
        from pathlib import Path
        from nightbook.record.write.span_context import span_context
        from nightbook.record.write.tracing import open_tracer, write_event

        def write(name):
            with open_tracer(Path(f"{{name}}.jsonl"), run_id="{RUN_ID}") as tracer:
                for number in range(25):
                    write_event(tracer, name, parent=span_context(1, 1), attributes={{}})
                yield

        for _ in write("parent"):
            for child in range(8):
                if os.fork() == 0:
                    for _ in write(f"child {{child}}"):
                        os.kill(os.getpid(), signal.SIGKILL)
            for _ in range(8):
                os.wait()
        """,
        tmp_path,
        {},
    )

    assert done.returncode == 0, done.stderr
    spans = [span for file in tmp_path.glob("*.jsonl") for span in spans_of(file)]
    assert len(spans) == 9 * 25
    assert len({span["spanId"] for span in spans}) == 9 * 25
