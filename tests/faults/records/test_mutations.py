"""Real records in which something is changed: what can be read is shown, and nothing raises."""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nightbook
from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.gate import judge, metrics_of
from nightbook.record.goals import Better, Goal
from nightbook.record.read.live import LiveRun
from nightbook.record.read.otlp_document import otlp_document
from nightbook.record.read.reader import read_run
from nightbook.record.render.failures import failure_lines, waiting_lines
from nightbook.record.render.json_document import json_document
from nightbook.record.render.run_status import RunStatus
from nightbook.record.render.summary import summary
from nightbook.reporting.tables import run_table, task_table
from nightbook.tracker.data.run_data import run_data
from nightbook.tracker.data.run_entry import run_entry, task_entries
from nightbook.tracker.data.search_text import search_text
from nightbook.tracker.drawings.timeline import timeline
from nightbook.tracker.output.record_files import RecordFiles
from tests.support.built_site import Site
from tests.support.hostile_strings import ALL
from tests.support.recording import ERROR, MAKE, TASKS, USE, recorded_invocation, run_attempt
from tests.support.sample_records import FROZEN

SEEDS_PER_EXAMPLE = 20  # an example of Hypothesis is some mutations: 100 examples are 2,000 records
ODD = (
    None, True, 0, -1, 2**53, 2**63 - 1, 2**64 - 1, -(2**63), 10**400, 1.5, float("inf"), float("nan"), 1e300,
    "", "0", [], {}, [[]], "[" * 2000, '{"a": NaN}', '{"a": 1e999}', f"{'[' * 900}{']' * 900}", *ALL,
)  # fmt: skip
GOALS = [Goal("number", Better.HIGHER, 0.1), Goal("loss", Better.LOWER, 0.1)]


def record(folder: RunFolder) -> None:
    """A run with a failure, a series, parameters and a file."""
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR, lambda: nightbook.log_metric("loss", 1, step=1))
        run_attempt(folder, MAKE, 2, log=lambda: nightbook.log_params({"a": [1, {"b": None}]}))
        run_attempt(
            folder, USE, log=lambda: nightbook.log_metric("loss", float("nan")), ended_by="it said so"
        )


def mutate(spans: Path, chance: random.Random) -> None:
    """Change one to three things in the span files."""
    for _ in range(chance.randint(1, 3)):
        file = chance.choice(sorted(spans.glob("*.jsonl")))
        lines = file.read_bytes().splitlines(keepends=True)
        if not lines:
            continue
        chance.choice([_change_bytes, _change_value, _change_value, _change_value, _move_line])(lines, chance)
        file.write_bytes(b"".join(lines))


def _change_bytes(lines: list[bytes], chance: random.Random) -> None:
    number = chance.randrange(len(lines))
    data = bytearray(lines[number])
    start = chance.randrange(len(data))
    data[start : start + chance.choice([0, 1, 40])] = chance.randbytes(chance.choice([0, 1, 3]))
    lines[number] = bytes(data)


def _change_value(lines: list[bytes], chance: random.Random) -> None:
    """Replace a part of one line's JSON, mostly the value of an attribute."""
    number = chance.randrange(len(lines))
    try:
        request = json.loads(lines[number])
        holder, key = chance.choice(list(_places(request)))
    except (ValueError, IndexError):
        return
    value = chance.choice(ODD)
    holder[key] = str(value) if isinstance(value, int) and abs(value) > 2**63 else value
    lines[number] = json.dumps(request).encode() + b"\n"


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield value, key
        yield from _places(item)


def _move_line(lines: list[bytes], chance: random.Random) -> None:
    line = lines.pop(chance.randrange(len(lines)))
    if chance.random() < 0.7:
        at = chance.randrange(len(lines) + 1)
        lines[at:at] = [line] * chance.choice([1, 2])


def show(run: Run, folder: Path) -> None:
    """Make everything of the run that needs no template."""
    status = RunStatus(run, running=False)
    for text in (
        summary(run, ["number"], judge(metrics_of(run), [metrics_of(run)] * 6, GOALS)),
        json_document(run_entry(status, GOALS), run_data(status, ())),
        json_document(tasks=task_entries(status)),
        otlp_document(RunFolder(folder).spans),
        search_text(run, RecordFiles.of(folder, 1000)),
        *failure_lines(run),
        *waiting_lines(run),
    ):
        text.encode()
    timeline(run)
    task_table(status, ["number"], run.end_ns)
    run_table([(run, False)])


@pytest.fixture(scope="module", params=["recorded", "frozen"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """A record made by today's recorder, and one of an earlier version."""
    if request.param == "frozen":
        return RunFolder(FROZEN)
    folder = RunFolder(tmp_path_factory.mktemp("original") / "20261123T031700Z-7f3a2c")
    record(folder)
    return folder


@pytest.mark.promise("A damaged record is read and shown, or refused in a line.")
@settings(max_examples=settings.default.max_examples // 2)
@given(seed=st.integers(0, 2**32))
def test_a_mutated_record_is_read_and_shown_or_refused(
    original: RunFolder, tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    chance = random.Random(seed)
    home = tmp_path_factory.mktemp("mutated")
    for _ in range(SEEDS_PER_EXAMPLE):
        folder = home / original.run_id
        shutil.copytree(original.spans, folder / "spans")
        live = LiveRun(files=LiveRun.from_now_on(home).files)
        live.files.folder = folder / "spans"
        mutate(folder / "spans", chance)
        list(live.new_events())
        with suppress(RecordError):  # one line of the command line, and a page of the site
            show(read_run(folder), folder)
        shutil.rmtree(folder)
    home.rmdir()


@pytest.mark.promise(
    "No record stops the site: one that cannot be shown has a page that says so, and all others are shown."
)
def test_a_site_of_mutated_records_is_built_and_its_feeds_are_xml(site: Site) -> None:
    nights = [f"202611{day:02d}T031700Z-{day:06d}" for day in range(1, 25)]
    for number, night in enumerate(nights):
        record(RunFolder(site.runs / night))
        mutate(site.runs / night / "spans", random.Random(number))

    site.build(fatal="errors")

    assert {run["run_id"] for run in site.data("api/runs.json")["runs"]} == set(nights)
    for file in (site.output / "feeds").rglob("*.xml"):
        ET.parse(file)
