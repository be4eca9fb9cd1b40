import shutil
import threading
from pathlib import Path

import pytest

from nightbook.git import Git, GitError
from nightbook.github.archive import Archive
from nightbook.github.errors import ArchiveError
from nightbook.github.git import archive_git, token_settings
from nightbook.record.read.origin import read_origin, write_origin
from nightbook.record.read.reader import read_run
from tests.record.read.test_origin import ORIGIN


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    path = tmp_path / "remote.git"
    Git(tmp_path)("init", "--quiet", "--bare", str(path))
    return path


@pytest.fixture
def records(tmp_path: Path, night: Path) -> list[Path]:
    """Three copies of the same night, each under its own name."""
    found = []
    for day in (1, 2, 3):
        record = tmp_path / "runs" / f"2026112{day}T031700Z-7f3a2c"
        shutil.copytree(night, record)
        write_origin(record, ORIGIN)
        found.append(record)
    return found


def archive_in(folder: Path, remote: Path) -> Archive:
    return Archive(archive_git(folder), remote.as_uri())


def log_of(remote: Path) -> list[str]:
    return Git(remote)("log", "--format=%s", "runs").splitlines()


def files_of_branch(remote: Path) -> list[str]:
    return Git(remote)("ls-tree", "-r", "--name-only", "runs").splitlines()


def test_the_first_record_makes_the_branch(tmp_path: Path, remote: Path, records: list[Path]) -> None:
    added = archive_in(tmp_path / "a", remote).append(records[:1])

    assert added == ["20261121T031700Z-7f3a2c"]
    assert log_of(remote) == ["Add the run 20261121T031700Z-7f3a2c"]
    prefix = "runs/20261121T031700Z-7f3a2c/"
    assert {name.removeprefix(prefix).split("/")[0] for name in files_of_branch(remote)} == {
        "README.md",
        "origin.json",
        "spans",
    }


def test_an_archived_record_is_read_as_it_was(tmp_path: Path, remote: Path, night: Path) -> None:
    write_origin(night, ORIGIN)
    archive_in(tmp_path / "a", remote).append([night])
    elsewhere = archive_in(tmp_path / "b", remote)
    elsewhere.update()

    (record,) = elsewhere.runs.iterdir()

    assert read_run(record) == read_run(night)
    assert read_origin(record) == ORIGIN


def test_the_same_again_is_no_commit(tmp_path: Path, remote: Path, records: list[Path]) -> None:
    archive = archive_in(tmp_path / "a", remote)
    archive.append(records)

    assert archive.append(records) == []
    assert archive_in(tmp_path / "b", remote).append(records) == []
    assert log_of(remote) == ["Add 3 runs"]


@pytest.mark.promise("A record on the branch `runs` is never changed, and publishers at once lose none.")
def test_what_is_archived_is_never_changed(tmp_path: Path, remote: Path, records: list[Path]) -> None:
    archive = archive_in(tmp_path / "a", remote)
    archive.append(records[:1])
    before = Git(remote)("rev-parse", "runs:runs/20261121T031700Z-7f3a2c")
    (records[0] / "spans" / "run-01.jsonl").write_text("{}\n")

    archive.append(records)

    assert Git(remote)("rev-parse", "runs:runs/20261121T031700Z-7f3a2c") == before
    assert log_of(remote) == ["Add 2 runs", "Add the run 20261121T031700Z-7f3a2c"]


def test_what_was_tampered_with_in_the_working_copy_is_undone(
    tmp_path: Path, remote: Path, records: list[Path]
) -> None:
    archive = archive_in(tmp_path / "a", remote)
    archive.append(records[:2])
    shutil.rmtree(archive.runs / records[0].name)
    (archive.runs / "evil").write_text("x")

    archive.append(records)

    names = {name.split("/")[1] for name in files_of_branch(remote) if name != "README.md"}
    assert names == {record.name for record in records}


@pytest.mark.promise("A record on the branch `runs` is never changed, and publishers at once lose none.")
def test_publishers_at_once_lose_nothing(tmp_path: Path, remote: Path, night: Path) -> None:
    results: list[list[str]] = []

    def publish(number: int) -> None:
        mine = []
        for name in (
            "20261101T000000Z-aaaaaa",
            f"202611{number + 10}T000000Z-bbbbbb",
        ):  # one for all, one own
            record = tmp_path / f"runs-{number}" / name
            shutil.copytree(night, record)
            write_origin(record, ORIGIN)
            mine.append(record)
        results.append(archive_in(tmp_path / f"archive-{number}", remote).append(mine))

    threads = [threading.Thread(target=publish, args=[number]) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    names = {name.split("/")[1] for name in files_of_branch(remote) if name != "README.md"}
    assert names == {"20261101T000000Z-aaaaaa"} | {
        f"202611{number}T000000Z-bbbbbb" for number in range(10, 15)
    }
    assert sum(len(added) for added in results) == 6
    assert len(log_of(remote)) == 5
    assert Git(remote)("rev-list", "--merges", "runs") == ""


def test_a_remote_that_accepts_no_push_is_an_error(tmp_path: Path, remote: Path, records: list[Path]) -> None:
    Git(remote)("config", "receive.hideRefs", "refs/heads/runs")

    with pytest.raises(ArchiveError, match=r"cannot push the branch runs: .*deny updating a hidden ref"):
        archive_in(tmp_path / "a", remote).append(records)


def test_a_missing_remote_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="git ls-remote failed"):
        archive_in(tmp_path / "a", tmp_path / "nowhere").update()


def test_an_empty_remote_is_an_empty_archive(tmp_path: Path, remote: Path) -> None:
    archive = archive_in(tmp_path / "a", remote)
    archive.update()

    assert list(archive.runs.iterdir()) == []


def test_a_branch_that_would_fill_the_disk_is_not_checked_out(
    tmp_path: Path, remote: Path, records: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive_in(tmp_path / "theirs", remote).append(records)
    monkeypatch.setattr("nightbook.github.archive._MAX_BYTES", 1000)

    with pytest.raises(ArchiveError, match=r"the branch runs has [\d,]+ bytes, more than the 1,000 allowed"):
        archive_in(tmp_path / "mine", remote).update()
    assert list((tmp_path / "mine").iterdir()) == [tmp_path / "mine" / ".git"]


@pytest.mark.promise("A token is in no file, on no command line and in no message.")
def test_the_token_stands_in_no_file_and_on_no_command_line(tmp_path: Path, remote: Path) -> None:
    secrets = token_settings("https://github.com", "ghs_secret")
    git = archive_git(tmp_path / "a", secrets)
    Archive(git, remote.as_uri()).update()

    assert git(
        "config", "--get-urlmatch", "http.extraheader", "https://github.com/octo/nightly.git"
    ).startswith("AUTHORIZATION: basic ")
    assert git.attempt("config", "--get-urlmatch", "http.extraheader", "https://evil.example/x").output == ""
    assert "secret" not in repr(git)
    assert not [
        file for file in (tmp_path / "a").rglob("*") if file.is_file() and b"basic" in file.read_bytes()
    ]
