"""The clock on the wall is set while a run goes on, or between a run and its resumption."""

from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome, Run
from tests.support.project import Project
from tests.support.set_clock import SetClock, needs_faketime

pytestmark = needs_faketime
_MOST_NS = 600 * 10**9  # what a run of a moment takes at most, and much less than the clock is set by


@pytest.fixture
def clock(tmp_path: Path) -> SetClock:
    (tmp_path / "clock").mkdir()
    clock = SetClock(tmp_path / "clock")
    clock.set("+0")
    return clock


def check_times(run: Run) -> None:
    """Nothing ends before it starts, or outside of its run, or takes as long as the clock was set by."""
    attempts = [attempt for task in run.tasks for attempt in task.attempts]
    assert run.start_ns < min(attempt.start_ns for attempt in attempts)
    assert max(attempt.end_ns for attempt in attempts) <= run.end_ns < run.start_ns + _MOST_NS
    for attempt in attempts:
        times = [
            attempt.start_ns,
            *(time_ns for cell in attempt.cells for time_ns in (cell.start_ns, cell.end_ns)),
            attempt.end_ns,
        ]
        assert times == sorted(times)
        assert all(attempt.start_ns < value.time_ns < attempt.end_ns for value in attempt.values)


@pytest.mark.promise("The value that was logged last is the last, whatever the clock says.")
@pytest.mark.parametrize("offset", ["-1h", "+30d"])
def test_a_run_goes_on_as_if_the_clock_had_not_been_set(
    project: Project, clock: SetClock, offset: str
) -> None:
    project.notebook(
        "first",
        'nightbook.log_metric("accuracy", 0.1)',
        f'import time\nopen({str(clock.file)!r}, "w").write("{offset}")\ntime.sleep(1.1)',
        'nightbook.log_metric("accuracy", 0.9)',
    )
    project.notebook("second", 'nightbook.log_metric("accuracy", 0.5)')
    project.chain("first", "second")

    done = project.run(**clock.environment)

    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    assert (run.outcome, run.problems) == (Outcome.SUCCESS, ())
    assert [value.value for value in run.task("first").attempts[0].values] == [0.1, 0.9]
    assert run.task("first").metrics == {"accuracy": 0.9}
    check_times(run)


@pytest.mark.promise("A run that is resumed on a clock that is behind ends as it would have.")
def test_a_run_that_is_resumed_on_a_clock_an_hour_behind_succeeds(project: Project, clock: SetClock) -> None:
    go_on = project.path / "go-on"
    project.notebook(
        "work", f"import pathlib\nassert pathlib.Path({str(go_on)!r}).exists()", 'nightbook.log_param("a", 1)'
    )
    project.single()

    assert project.run(**clock.environment).returncode == 1
    failed = project.record()
    go_on.touch()
    clock.set("-1h")
    resumed = project.nightbook("resume", **clock.environment)

    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    run = project.record()
    assert (run.outcome, run.invocations) == (Outcome.SUCCESS, 2)
    first, second = run.task("work").attempts
    assert [(each.outcome, each.invocation) for each in (first, second)] == [
        (Outcome.FAILURE, 1),
        (Outcome.SUCCESS, 2),
    ]
    assert second.start_ns < failed.start_ns  # the record does not hide that the clock was set
