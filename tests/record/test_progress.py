"""How far a notebook says that it is."""

import math
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import nightbook
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.reported_progress import ReportedProgress, read_progress
from nightbook.record.read.progress_file import ProgressFile
from tests.support.project import wait_for
from tests.support.recording import recorded_attempt


@pytest.fixture
def file(folder: RunFolder) -> Iterator[Path]:
    """The progress file of the attempt that this process is part of."""
    attempt = folder.task("work").attempt(1)
    attempt.path.mkdir(parents=True)
    with recorded_attempt(attempt):
        yield attempt.progress_file


def test_the_first_and_the_last_report_are_in_the_file(file: Path) -> None:
    nightbook.progress(1, 1000, "epoch 1")
    assert read_progress(file) == ReportedProgress(1, 1000, "epoch 1")

    for done in range(2, 500):
        nightbook.progress(done, 1000)
    wait_for(lambda: read_progress(file) == ReportedProgress(499, 1000, ""), "the last", timeout_s=30)
    nightbook.progress(1000, 1000)
    assert read_progress(file) == ReportedProgress(1000, 1000, "")


def test_threads_may_report_at_once(file: Path) -> None:
    def work(number: int) -> None:
        for done in range(200):
            nightbook.progress(done, text=f"thread {number}")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    wait_for(lambda: getattr(read_progress(file), "done", 0) == 199, "the last", timeout_s=30)


def test_a_folder_that_is_gone_stops_no_work(file: Path) -> None:
    file.parent.rmdir()

    nightbook.progress(1, 1)


@pytest.mark.parametrize(
    ("done", "total", "message"),
    [
        (-1, None, "done is a finite number from 0, not -1"),
        (math.nan, None, "done is a finite number from 0, not nan"),
        (math.inf, 3, "done is a finite number from 0, not inf"),
        (10**400, 3, "done is a finite number from 0, not 1000"),
        (0, 0, "total is a finite number above 0, or None, not 0"),
        (0, -2.5, "total is a finite number above 0, or None, not -2.5"),
        (0, math.nan, "total is a finite number above 0, or None, not nan"),
    ],
)
def test_a_wrong_number_is_named(done: float, total: float | None, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        nightbook.progress(done, total)


def test_a_wrong_type_is_named() -> None:
    with pytest.raises(TypeError, match="done is a number, not str"):
        nightbook.progress("3")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="total is a number, not bool"):
        nightbook.progress(3, total=True)
    with pytest.raises(TypeError, match="the text of a progress is a string, not int"):
        nightbook.progress(3, text=5)  # type: ignore[arg-type]


def test_it_prints_nothing_outside_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    nightbook.progress(3, 4, "text")

    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("reported", "text"),
    [
        (ReportedProgress(37, 100, "epoch 3"), "37 of 100 · epoch 3"),
        (ReportedProgress(1234.5, 20000, ""), "1,234.5 of 20,000"),
        (ReportedProgress(3, None, "loading"), "loading"),
        (ReportedProgress(3, None, ""), "3"),
    ],
)
def test_it_is_shown_in_a_line(reported: ReportedProgress, text: str) -> None:
    assert str(reported) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"done": -1, "total": null, "text": ""}',
        '{"done": NaN, "total": 1, "text": ""}',
        "[" * 9,
    ],
)
def test_a_file_that_says_something_else_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "progress.json").write_text(text)

    assert read_progress(tmp_path / "progress.json") is None


def test_a_file_is_news_once(tmp_path: Path) -> None:
    path = tmp_path / "progress.json"
    watched = ProgressFile(path)
    assert watched.news() is None

    path.write_text('{"done": 1, "total": null, "text": ""}')

    assert watched.news() == ReportedProgress(1, None, "")
    assert watched.news() is None
