"""Which notebooks and files are kept: those of the newest runs, within the budget of the site."""

import hashlib
import re
from pathlib import Path

import pytest

from nightbook.github.large_files import large_file_budget
from nightbook.record.read.origin import write_origin
from nightbook.record.read.portable import files_of, is_compact
from nightbook.record.read.reader import read_run
from tests.record.read.test_origin import ORIGIN
from tests.support.fake_github import FakeGitHub, zip_of_record
from tests.support.fake_repository import Repository
from tests.support.project import configured

LARGE_BYTES = 600_000


@pytest.fixture
def five_runs(repository: Repository) -> Repository:
    """A repository with five published runs, each with a large file."""
    for run_id in range(1, 6):
        record = repository.new_record()
        (record / "tasks/use/attempt-01/artifacts/large").write_bytes(bytes(LARGE_BYTES))
        repository.upload(record, run_id=run_id)
    done = repository.run("publish")
    assert done.returncode == 0, done.stderr
    return repository


def run_keeping(repository: Repository, keep_files_mb: str, command: str, folder: str) -> str:
    """Run a command in a checkout with this ``keep_files_mb``, and return what it prints."""
    (repository.path / folder).mkdir(exist_ok=True)
    config = configured(repository.config, keep_files_mb=keep_files_mb)
    (repository.path / folder / "own.cfg").write_text(config)
    done = repository.run(command, folder=folder, LUIGI_CONFIG_PATH="own.cfg")
    assert done.returncode == 0, done.stderr
    return done.stdout


def have_files(repository: Repository, folder: str) -> list[bool]:
    """Return, for each record in a checkout, True if its notebooks and files are there."""
    return [(record / "tasks").is_dir() for record in repository.records(folder)]


@pytest.mark.parametrize("folder", ["checkout", "fresh runner"])  # has all files already; has none
def test_a_publication_keeps_the_files_of_the_newest_runs_and_all_metrics(
    five_runs: Repository, folder: str
) -> None:
    printed = run_keeping(five_runs, "4", "publish", folder)

    assert re.search(r"^1\.8 MB of notebooks and files, of at most 2\.0$", printed, re.MULTILINE)
    assert have_files(five_runs, folder) == [False, False, True, True, True]
    assert len(five_runs.archived()) == 5
    accuracies = [read_run(record).task("use").metrics["accuracy"] for record in five_runs.records(folder)]
    assert accuracies == [0.97] * 5


def test_a_fetch_stops_at_the_budget_and_deletes_no_files(five_runs: Repository) -> None:
    assert "of at most 1.0" in run_keeping(five_runs, "1", "fetch", "laptop")
    assert have_files(five_runs, "laptop") == [False, False, False, False, True]
    run_keeping(five_runs, "800", "fetch", "laptop")
    assert have_files(five_runs, "laptop") == [True] * 5
    run_keeping(five_runs, "1", "fetch", "laptop")
    assert have_files(five_runs, "laptop") == [True] * 5


def test_files_are_taken_only_from_the_artifact_that_was_archived(
    repository: Repository, github: FakeGitHub
) -> None:
    record = repository.new_record()
    repository.upload(record, run_id=1)
    repository.run("publish")
    (record / "tasks/use/attempt-01/artifacts/note.txt").write_text("changed since")
    changed = zip_of_record(record)
    github.files[github.artifacts[0]["id"]] = changed
    github.artifacts[0]["digest"] = f"sha256:{hashlib.sha256(changed).hexdigest()}"

    done = repository.run("publish", folder="another runner")

    assert done.returncode == 0, done.stderr
    (compact,) = repository.records("another runner")
    assert not (compact / "tasks").exists()


def test_compact_records_leave_less_room_for_files(tmp_path: Path, night: Path) -> None:
    write_origin(night, ORIGIN)
    compact_bytes = sum((night / file).stat().st_size for file in files_of(night) if is_compact(file))
    assert large_file_budget(night.parent, 800_000_000) == 400_000_000
    assert large_file_budget(tmp_path, 2_000_000_000) == 475_000_000

    with (night / "spans" / "padding.jsonl").open("wb") as padding:
        padding.truncate(500_000_000 - compact_bytes)
        assert large_file_budget(night.parent, 800_000_000) == 100_000_000
        padding.truncate(700_000_000)
        assert large_file_budget(night.parent, 800_000_000) == 0
