"""What Luigi's scheduler page shows of an attempt."""

import logging
from pathlib import Path

import pytest
from luigi.rpc import RPCError

from nightbook.execution.attempt import Progress
from nightbook.pipeline.tasks.progress_report import report_progress
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.reported_progress import ReportedProgress
from nightbook.settings import settings
from tests.support.recording import RUN_ID

FOLDER = RunFolder(Path(RUN_ID)).task("work/size=1").attempt(2)


class Page:
    """A reporter that keeps what it is given."""

    def __init__(self) -> None:
        self.shown: list[str | int] = []

    def update_tracking_url(self, tracking_url: str) -> None:
        self.shown.append(tracking_url)

    def update_status_message(self, message: str) -> None:
        self.shown.append(message)

    def update_progress_percentage(self, percentage: int) -> None:
        self.shown.append(percentage)


@pytest.fixture
def page(monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setenv("RECORD_URL", "http://tracker/runs")
    settings.cache_clear()
    return Page()


def test_the_start_has_the_url_and_the_first_cell(page: Page) -> None:
    report_progress(page, Progress(FOLDER, 0, 4, "first()"))

    url = f"http://tracker/runs/{RUN_ID}/tasks/work/size%3D1/attempt-02/"
    assert page.shown == [url, "attempt 2, 0 of 4 cells\n\nfirst()", 0]


def test_a_later_cell_has_a_percentage(page: Page) -> None:
    report_progress(page, Progress(FOLDER, 1, 4, "second()"))

    assert page.shown == ["attempt 2, 1 of 4 cells\n\nsecond()", 25]


def test_a_body_without_cells_has_none_to_count(page: Page) -> None:
    report_progress(page, Progress(FOLDER, 0, 0, ""))

    assert page.shown[1:] == ["attempt 2\n\n", 0]


def test_what_a_function_reports_is_its_percentage(page: Page) -> None:
    report_progress(page, Progress(FOLDER, 0, 0, "", ReportedProgress(37, 100, "epoch 3")))

    assert page.shown == ["attempt 2\n37 of 100 · epoch 3\n\n", 37]


def test_what_a_cell_reports_is_a_part_of_it(page: Page) -> None:
    report_progress(page, Progress(FOLDER, 1, 4, "second()", ReportedProgress(5, 10, "")))
    report_progress(page, Progress(FOLDER, 1, 4, "second()", ReportedProgress(20, 10, "")))
    report_progress(page, Progress(FOLDER, 1, 4, "second()", ReportedProgress(5, None, "loading")))

    assert page.shown[::2] == [
        f"attempt 2, 1 of 4 cells\n{reported}\n\nsecond()" for reported in ("5 of 10", "20 of 10", "loading")
    ]
    assert page.shown[1::2] == [37, 50, 25]


def test_an_attempt_goes_on_without_the_scheduler(caplog: pytest.LogCaptureFixture, page: Page) -> None:
    def away(_: str) -> None:
        raise RPCError("away")

    page.update_status_message = away  # type: ignore[method-assign]
    with caplog.at_level(logging.WARNING):
        report_progress(page, Progress(FOLDER, 1, 4, "second()"))

    assert "the scheduler did not get the progress of work/size=1: away" in caplog.text
