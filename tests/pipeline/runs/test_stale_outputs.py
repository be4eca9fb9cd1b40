"""A changed notebook makes its task stale, and all tasks that depend on it."""

from pathlib import Path

import pytest

from nightbook.pipeline.runs.stale_outputs import stale_tasks, withdraw_outputs
from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.reader import read_run
from nightbook.record.write.run_lock import run_lock
from tests.support.recording import MAKE, RUN_ID, TASKS, USE, recorded_attempt, recorded_invocation


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """A run whose two tasks have succeeded, the second with the output of the first."""
    folder = RunFolder(tmp_path / RUN_ID)
    with recorded_invocation(folder, TASKS):
        for task_id in (MAKE, USE):
            with recorded_attempt(folder.task(task_id).attempt(1)):
                folder.task(task_id).attempt(1).output.mkdir(parents=True)
                folder.task(task_id).attempt(1).output.replace(folder.task(task_id).output)
    return folder


@pytest.mark.parametrize(
    ("notebook", "stale"), [("make.py", {MAKE, USE}), ("use.py", {USE}), ("x.py", set())]
)
def test_what_depends_on_a_changed_notebook_is_stale(
    folder: RunFolder, notebook: str, stale: set[str]
) -> None:
    assert stale_tasks(read_run(folder.path), [notebook]) == stale


def test_a_withdrawn_output_returns_to_its_attempt(folder: RunFolder) -> None:
    withdraw_outputs(folder, read_run(folder.path), {USE})

    assert folder.task(MAKE).output.is_dir()
    assert not folder.task(USE).output.exists()
    assert folder.task(USE).attempt(1).output.is_dir()


def test_the_outputs_of_a_running_run_stay(folder: RunFolder) -> None:
    with run_lock(folder), pytest.raises(RecordError, match="is being executed"):
        withdraw_outputs(folder, read_run(folder.path), {USE})
