"""Records of released versions, never changed again: every later version reads them as ever."""

import dataclasses
import json
import os
from pathlib import Path

import pytest

from nightbook.record.format.schema import SCHEMA_VERSION
from nightbook.record.read.reader import read_run
from tests.support.recording import RUN_ID

FROZEN = sorted(Path(__file__).parents[1].glob("records/v*"))


@pytest.mark.promise("A record that any released version has written can be read.")
@pytest.mark.parametrize("record", FROZEN, ids=lambda record: record.name)
def test_a_record_of_every_released_version_is_read_as_ever(record: Path) -> None:
    run = read_run(record / RUN_ID)

    text = json.dumps(dataclasses.asdict(run), indent=1, ensure_ascii=False, default=str) + "\n"
    expected = record / "expected.json"
    if os.environ.get("UPDATE_EXPECTED"):
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_there_is_a_frozen_record_of_each_version() -> None:
    assert [record.name for record in FROZEN] == [f"v{n}" for n in range(1, SCHEMA_VERSION + 1)]
