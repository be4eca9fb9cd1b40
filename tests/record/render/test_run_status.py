"""What a run's attempts are at this moment, by the record and by whether its process lives."""

from dataclasses import replace

import pytest

from nightbook.record.format.model import Error, Outcome
from nightbook.record.render.run_status import RUNNING, RunStatus
from tests.support.sample_runs import make_success_run


@pytest.mark.parametrize(
    ("error", "alive", "expected"),
    [
        (None, True, RUNNING),
        (None, False, "interrupted"),
        (Error("ProcessDied", "it was killed before", ""), True, "interrupted"),
    ],
)
def test_an_attempt_runs_if_its_end_is_not_recorded_and_its_run_goes_on(
    error: Error | None, *, alive: bool, expected: str
) -> None:
    run = make_success_run()
    task = next(task for task in run.tasks if task.attempts)
    last = replace(task.attempts[-1], outcome=Outcome.INTERRUPTED, error=error)

    assert RunStatus(run, alive).task_outcome(replace(task, attempts=(last,))) == expected
