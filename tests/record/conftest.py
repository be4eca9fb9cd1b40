"""Records made with the recorder."""

from pathlib import Path

import pytest

from nightbook.record.format.layout import RunFolder
from tests.support.recording import MAKE, RUN_ID, TASKS, USE, recorded_invocation, run_attempt


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """The folder of a run that nothing has been recorded of."""
    return RunFolder(tmp_path / RUN_ID)


@pytest.fixture
def recorded(folder: RunFolder) -> RunFolder:
    """The record of a successful run of both tasks, with one attempt each."""
    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE)
        run_attempt(folder, USE)
    return folder
