"""A success is outdated when what it was made from was to be made again, and was not."""

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.reader import read_run
from tests.support.recording import MAKE, USE, declared, recorded_invocation, run_attempt

LAST = "last"
CHAIN = [declared(MAKE), declared(USE, MAKE), declared(LAST, USE)]


def outcomes_of(run: Run) -> dict[str, Outcome]:
    return {task.task_id: task.outcome for task in run.tasks}


def record_success(folder: RunFolder) -> None:
    with recorded_invocation(folder, CHAIN, Outcome.SUCCESS):
        for task_id in (MAKE, USE, LAST):
            run_attempt(folder, task_id)


@pytest.mark.parametrize("outcome", [Outcome.FAILURE, Outcome.TIMEOUT, Outcome.INTERRUPTED])
def test_all_that_follows_a_later_failure_is_not_run(folder: RunFolder, outcome: Outcome) -> None:
    record_success(folder)
    with recorded_invocation(folder, CHAIN, Outcome.FAILURE):
        run_attempt(folder, MAKE, 2, outcome)

    run = read_run(folder.path)
    assert outcomes_of(run) == {MAKE: outcome, USE: Outcome.NOT_RUN, LAST: Outcome.NOT_RUN}
    assert run.task(LAST).last_attempt is None
    assert [attempt.outcome for attempt in run.task(LAST).attempts] == [Outcome.SUCCESS]


def test_what_is_made_again_counts(folder: RunFolder) -> None:
    record_success(folder)
    with recorded_invocation(folder, CHAIN, Outcome.FAILURE):
        run_attempt(folder, MAKE, 2, Outcome.FAILURE)
    with recorded_invocation(folder, CHAIN, Outcome.SUCCESS):
        run_attempt(folder, MAKE, 3)
        run_attempt(folder, USE, 2)
        run_attempt(folder, LAST, 2)

    assert set(outcomes_of(read_run(folder.path)).values()) == {Outcome.SUCCESS}


def test_a_failure_before_it_outdates_nothing(folder: RunFolder) -> None:
    with recorded_invocation(folder, CHAIN, Outcome.SUCCESS):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE)
        run_attempt(folder, MAKE, 2)
        run_attempt(folder, USE)
        run_attempt(folder, LAST, 1, Outcome.FAILURE)

    assert outcomes_of(read_run(folder.path))[USE] is Outcome.SUCCESS
