"""A run is remembered as it was; a file that is not one of this version's is as good as none."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

from nightbook.record.gate import RunMetrics
from nightbook.tracker.data.run_cache import CachedRun, RunCache
from nightbook.tracker.data.run_entry import RunEntry, TaskEntry
from nightbook.tracker.data.variants import Variant

RUN_ID = "20261123T031700Z-7f3a2c"
ENTRY = RunEntry(
    RUN_ID,
    url=f"runs/{RUN_ID}/",
    data=f"api/runs/{RUN_ID}.json",
    outcome="success",
    start="2026-11-23T03:17:00.000Z",
    duration_s=1.5,
    params={"nested": {"a": [1, None]}},
    metrics={"loss": math.inf},
    variants=(Variant({"size": 600}, {"accuracy": 0.9}),),
)
TASK = TaskEntry("work/a=1", "work", {"a": 1}, "runs/x/", "success", {"loss": -math.inf}, 2, "ValueError")
CACHED = CachedRun(
    stamp="ab",
    entry=ENTRY,
    paths=("page.html",),
    tasks=(TASK,),
    text="words ä",
    result=RunMetrics(
        "20261123T031700Z-7f3a2c", "digits", {"environment": "ci"}, "main", {"work": {"loss": 1.0}}
    ),
)


@pytest.fixture
def cache(tmp_path: Path) -> RunCache:
    (tmp_path / "output").mkdir()
    (tmp_path / "output" / "page.html").touch()
    return RunCache(tmp_path / "cache", tmp_path / "output")


def file_of(cache: RunCache) -> Path:
    return cache.folder / f"{RUN_ID}.json"


def test_what_was_kept_is_found_as_it_was(cache: RunCache) -> None:
    cache.keep(RUN_ID, CACHED)

    assert cache.find(RUN_ID) == CACHED
    assert cache.run_ids() == [RUN_ID]
    cache.forget(RUN_ID)
    assert cache.find(RUN_ID) is None


def test_a_metric_that_is_no_number_stays_so(cache: RunCache) -> None:
    entry = RunEntry(RUN_ID, "", "", "success", "", 0, metrics={"loss": math.nan})
    cache.keep(RUN_ID, CachedRun("", entry, (), (), ""))

    found = cache.find(RUN_ID)

    assert found is not None
    assert found.result is None
    assert math.isnan(found.entry.metrics["loss"])


def test_a_run_without_all_its_pages_is_not_found(cache: RunCache) -> None:
    cache.keep(RUN_ID, CACHED)
    (cache.output / "page.html").unlink()

    assert cache.find(RUN_ID) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda row: row.update(version=1),
        lambda row: row.pop("version"),
        lambda row: row.pop("text"),
        lambda row: row.update(entry=None),
        lambda row: row["entry"].pop("url"),
        lambda row: row["entry"].update(a_field_of_tomorrow=1),
        lambda row: row["tasks"][0].pop("attempts"),
        lambda row: row.update(tasks=7),
        lambda row: row.update(result=[1]),
    ],
)
def test_a_file_of_another_version_is_as_good_as_none(cache: RunCache, damage: Any) -> None:
    cache.keep(RUN_ID, CACHED)
    row = json.loads(file_of(cache).read_text())
    damage(row)
    file_of(cache).write_text(json.dumps(row))

    assert cache.find(RUN_ID) is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"7", b"null", b"\xff", b"[" * 100_000, b'{"version": 2}']
)
def test_a_damaged_file_is_as_good_as_none(cache: RunCache, content: bytes) -> None:
    cache.keep(RUN_ID, CACHED)
    file_of(cache).write_bytes(content)

    assert cache.find(RUN_ID) is None
