"""The process that makes pages while a run goes on."""

from pathlib import Path

import psutil

from nightbook.record.format.layout import RunFolder
from nightbook.reporting.notebook_pages import pages_made_meanwhile


def test_the_end_of_a_run_does_not_wait_for_a_process_that_gets_no_processor(tmp_path: Path) -> None:
    others = psutil.Process().children()
    with pages_made_meanwhile(RunFolder(tmp_path)):
        (maker,) = (child for child in psutil.Process().children() if child not in others)
        maker.suspend()

    assert not maker.is_running()
