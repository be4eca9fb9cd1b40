"""What a job beside others prints."""

import sys

import pytest

from nightbook.execution.processes.background_process import BackgroundProcess
from tests.support.project import wait_for


def ended(job: BackgroundProcess) -> bool:
    job.poll()
    return not job.running


def test_a_last_line_without_an_end_is_printed_too(capsys: pytest.CaptureFixture[str]) -> None:
    job = BackgroundProcess("check")
    job.start([sys.executable, "-c", "print('one\\ntwo', end='')"])
    wait_for(lambda: ended(job), "the job ends")

    assert [line.split("│ ")[1] for line in capsys.readouterr().out.splitlines()] == [
        "starts",
        "one",
        "two",
        "✓ passed",
    ]
