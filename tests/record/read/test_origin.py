import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.origin import FILE_NAME, Origin, read_origin, write_origin
from nightbook.record.read.reader import read_run
from tests.support.recording import record_night

ORIGIN = Origin(
    repository_url="https://github.com/octo/nightly",
    branch="mallory:main",
    revision="ab" * 20,
    event="pull_request",
    actor="mallory",
    pull_request="12",
    workflow=".github/workflows/ci.yml",
    workflow_run_url="https://github.com/octo/nightly/actions/runs/99",
    workflow_run_id=99,
    attempt=2,
    artifact_id=5,
    artifact_digest="sha256:" + "0" * 64,
    bulky_bytes=1000,
)


@pytest.fixture
def night(tmp_path: Path) -> Path:
    return record_night(RunFolder(tmp_path / "20261123T031700Z-7f3a2c"), 0.97).path


@pytest.mark.promise("The run of a fork never counts as main's, whatever its branch is called.")
def test_what_github_says_takes_the_place_of_what_a_record_says(night: Path) -> None:
    before = read_run(night)
    write_origin(night, ORIGIN)
    after = read_run(night)

    assert (before.provenance.branch, before.provenance.pull_request) == ("main", "")
    assert (after.provenance.branch, after.provenance.pull_request) == ("mallory:main", "12")
    assert after.provenance.trigger == "pull_request"
    assert after.provenance.actor == "mallory"
    assert after.provenance.revision == "ab" * 20
    assert after.provenance.ci_run_url == ORIGIN.workflow_run_url
    assert replace(after, provenance=before.provenance) == before


def test_an_origin_is_read_as_written(night: Path) -> None:
    assert read_origin(night) is None
    write_origin(night, ORIGIN)
    assert read_origin(night) == ORIGIN


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "1" * 5000, "[" * 100_000, json.dumps(asdict(ORIGIN) | {"attempt": "2"})],
)
def test_a_damaged_origin_is_an_error_and_never_no_origin(night: Path, text: str) -> None:
    (night / FILE_NAME).write_text(text)

    with pytest.raises(RecordError, match=r"origin\.json is damaged .*: delete the folder, fetch it again"):
        read_run(night)
