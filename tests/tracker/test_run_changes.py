"""When pages of runs are out of date."""

from pathlib import Path

from nightbook.record.format.layout import RunFolder
from nightbook.tracker.run_changes import RunChanges
from tests.support.recording import MAKE, RUN_ID, TASKS, recorded_invocation


def test_what_an_attempt_prints_counts_now_and_then(tmp_path: Path) -> None:
    now_s = 100.0
    folder = RunFolder(tmp_path / RUN_ID)
    log = folder.task(MAKE).attempt(1).output_log
    with recorded_invocation(folder, TASKS):
        pass
    changes = RunChanges(tmp_path, lambda: now_s)
    assert changes.happened({folder.spans})

    now_s += 5
    assert not changes.happened({log})
    now_s += 11
    assert changes.happened(set())  # what was printed before has waited long enough
    now_s += 20
    assert not changes.happened(set())
    assert changes.happened({log})


def test_other_files_of_an_attempt_do_not_count(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / RUN_ID)
    with recorded_invocation(folder, TASKS):
        pass
    changes = RunChanges(tmp_path, lambda: 1e9)
    changes.happened({folder.spans})

    assert not changes.happened({folder.task(MAKE).attempt(1).notebook})
