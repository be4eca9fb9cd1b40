from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nightbook.record.format import identity
from nightbook.record.format.identity import (
    invocation_span_id,
    new_run_id,
    task_id_of,
    task_span_id,
    trace_id_of,
)
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.names import check_task_id
from tests.support.recording import RUN_ID

HOSTILE = [
    "",
    ".",
    "..",
    "../../etc/passwd",
    "/",
    "a/b",
    "a\\b",
    "a,value=b",
    "%2F",
    "~",
    " ",
    "a b",
    "line\nbreak",
    "nul\0",
    "<script>",
    "größe",
    "日本語",
    "😀",
    "\u202egpj.exe",
    "x" * 500,
    "x" * 499 + "y",
    "日" * 500,
]


def test_run_ids_sort_by_time() -> None:
    start = datetime(2026, 12, 31, 23, 59, 58, tzinfo=UTC)
    run_ids = [new_run_id(start + timedelta(seconds=seconds)) for seconds in range(5)]

    assert run_ids == sorted(run_ids)
    assert all(identity.RUN_ID.fullmatch(run_id) for run_id in run_ids)


@pytest.mark.parametrize(
    ("newest", "begins"),
    [
        ("", "20261123T000000Z-"),
        ("20261122T235959Z-ffffff", "20261123T000000Z-"),
        ("20261123T000000Z-ffffff", "20261123T000001Z-"),
        ("20261231T235959Z-7f3a2c", "20270101T000000Z-"),
        ("20269999T999999Z-7f3a2c", "20261123T000000Z-"),  # no time
        ("99991231T235959Z-7f3a2c", "20261123T000000Z-"),  # the last one
    ],
)
def test_a_run_id_sorts_after_the_newest(newest: str, begins: str) -> None:
    assert new_run_id(datetime(2026, 11, 23, tzinfo=UTC), newest).startswith(begins)


def test_runs_of_one_second_have_different_ids() -> None:
    now = datetime(2026, 11, 23, tzinfo=UTC)

    assert len({new_run_id(now) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    "text", [RUN_ID.replace("2", "\u0662"), f"{RUN_ID}\n", f"../{RUN_ID}", RUN_ID.upper(), RUN_ID[:-1]]
)
def test_what_only_looks_like_a_run_id_is_none(text: str) -> None:
    assert not identity.RUN_ID.fullmatch(text)


@pytest.mark.parametrize(
    ("parameters", "task_id"),
    [
        ({}, "clean-data"),
        ({"threshold": "0.5"}, "clean-data/threshold=0.5"),
        ({"a": "1", "b": "x@[y] (z)+"}, "clean-data/a=1,b=x@[y] (z)+"),
        ({"path": "../a,b"}, "clean-data/path=..%2Fa%2Cb"),
        ({"größe": "1"}, "clean-data/gr%C3%B6%C3%9Fe=1"),
    ],
)
def test_a_task_id_tells_of_its_parameters(parameters: dict[str, str], task_id: str) -> None:
    assert task_id_of("clean-data", parameters) == task_id
    assert check_task_id(task_id) == task_id


def test_hostile_values_stay_distinct_and_make_task_ids() -> None:
    task_ids = [task_id_of("clean-data", {"value": value}) for value in HOSTILE]

    assert len({task_id.lower() for task_id in task_ids}) == len(HOSTILE)
    for task_id in task_ids:
        assert check_task_id(task_id) == task_id


@pytest.mark.parametrize("name", ["clean-data", "n" * 100, "größe", "日" * 100])
@pytest.mark.parametrize("value", ["x" * 500, "日" * 500, "../" * 50])
def test_the_longest_ids_fit_into_folder_and_span_file_names(tmp_path: Path, name: str, value: str) -> None:
    task_id = check_task_id(task_id_of(name, {"value": value}))
    attempt = RunFolder(tmp_path).task(task_id).attempt(100)
    attempt.task.run.spans.mkdir()

    attempt.artifacts.mkdir(parents=True)
    attempt.spans.touch()
    attempt.notebook_spans.touch()

    assert {file.parent for file in (attempt.spans, attempt.notebook_spans)} == {tmp_path / "spans"}


def test_derived_ids_never_change() -> None:
    trace_id = trace_id_of(RUN_ID)

    assert f"{trace_id:032x}" == "44c5c5fd35b85fb18ed33808653bfb1d"
    assert f"{invocation_span_id(trace_id, 1):016x}" == "a7b3cc56b275d778"
    assert f"{task_span_id(trace_id, 1, 'ingest'):016x}" == "a2973e3d4071b430"


def test_derived_ids_differ_by_run_invocation_and_task() -> None:
    ids = [
        span_id
        for trace_id in (trace_id_of(RUN_ID), trace_id_of("20261123T031700Z-7f3a2d"))
        for invocation in (1, 2)
        for span_id in (
            invocation_span_id(trace_id, invocation),
            task_span_id(trace_id, invocation, "ingest"),
            task_span_id(trace_id, invocation, "ingest/a=1"),
        )
    ]

    assert len(set(ids)) == len(ids)


def test_invocations_are_counted_beside_a_task_whose_name_begins_with_run(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    folder.spans.mkdir()
    for file in (
        folder.invocation_spans(1),
        folder.invocation_spans(2),
        folder.task("run-model").attempt(1).spans,
        folder.task("run-01").attempt(1).notebook_spans,
    ):
        file.touch()

    assert folder.invocations() == 2
