"""What is on the disk at the moment in which an output gets its name, by the order of the system's calls."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nightbook.execution.attempt import Job, make_attempt
from nightbook.record.format.model import Outcome
from nightbook.record.read.reader import read_run
from nightbook.record.write.publication import publish_output
from tests.support.attempts import ScriptBody, declared_job

MAKES_FILES = """
import nightbook, os, pathlib
folder = pathlib.Path("deep/er")
folder.mkdir(parents=True)
(folder / "model").write_text("weights")
(folder / "link").symlink_to("model")
os.mkfifo(folder / "pipe")
nightbook.log_metric("loss", 0.5)
nightbook.log_text("words", "text")
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return declared_job(tmp_path, ScriptBody(MAKES_FILES))


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Path]]:
    """All that this process writes, syncs and renames, in order."""
    made: list[tuple[str, Path]] = []
    fsync, write, replace = os.fsync, os.write, Path.replace

    def path_of(descriptor: int) -> Path:
        return Path(f"/proc/self/fd/{descriptor}").readlink()

    def recorded_fsync(descriptor: int) -> None:
        made.append(("sync", path_of(descriptor)))
        fsync(descriptor)

    def recorded_write(descriptor: int, data: bytes) -> int:
        made.append(("write", path_of(descriptor)))
        return write(descriptor, data)

    def recorded_replace(source: Path, target: Path) -> Path:
        made.append(("rename", Path(target)))
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", recorded_fsync)
    monkeypatch.setattr(os, "write", recorded_write)
    monkeypatch.setattr(Path, "replace", recorded_replace)
    return made


@pytest.mark.promise("An output that has its name after a power loss is whole.")
def test_all_of_an_output_is_on_the_disk_before_it_gets_its_name(
    job: Job, calls: list[tuple[str, Path]]
) -> None:
    make_attempt(job, lambda _: None)

    output, made = job.folder.output, job.folder.attempt(1).output
    named = calls.index(("rename", output))
    synced = [path for call, path in calls[:named] if call == "sync"]
    wanted = [made / "deep" / "er" / "model", made / "deep" / "er", made / "deep", made]
    assert [path for path in synced if path.is_relative_to(made)] == wanted
    assert (output / "deep" / "er" / "model").read_text() == "weights"


@pytest.mark.promise("What an attempt has logged is on the disk before its output has its name.")
def test_what_was_logged_is_on_the_disk_before_the_output(job: Job, calls: list[tuple[str, Path]]) -> None:
    make_attempt(job, lambda _: None)

    folder = job.folder.attempt(1)
    before = {path for call, path in calls[: calls.index(("rename", job.folder.output))] if call == "sync"}
    assert {folder.notebook_spans, folder.notebook_spans.parent, folder.artifacts} <= before
    assert {file for file in folder.artifacts.rglob("*") if file.is_file()} <= before
    assert read_run(job.folder.run.path).task("work").metrics == {"loss": 0.5}


@pytest.mark.promise("The record says that an attempt succeeded only when its output is on the disk.")
def test_a_success_is_written_after_its_output_is_on_the_disk(
    job: Job, calls: list[tuple[str, Path]]
) -> None:
    make_attempt(job, lambda _: None)

    on_disk = calls.index(("sync", job.folder.path), calls.index(("rename", job.folder.output)))
    assert ("write", job.folder.attempt(1).spans) in calls[on_disk:]


def failing(number: int) -> Callable[[int], None]:
    def fsync(_: int) -> None:
        raise OSError(number, os.strerror(number))

    return fsync


def test_a_disk_that_fails_makes_the_attempt_a_failure(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", failing(errno.EIO))

    with pytest.raises(OSError, match="Input/output error"):
        make_attempt(job, lambda _: None)

    assert not job.folder.output.exists()
    (attempt,) = read_run(job.folder.run.path).task("work").attempts
    assert attempt.outcome is Outcome.FAILURE


@pytest.mark.parametrize("number", [errno.EINVAL, errno.ENOTSUP])
def test_a_file_system_that_syncs_nothing_is_used_as_it_is(
    job: Job, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    folder = job.folder.attempt(1)
    folder.output.mkdir(parents=True)
    monkeypatch.setattr(os, "fsync", failing(number))

    publish_output(folder)

    assert job.folder.output.is_dir()
