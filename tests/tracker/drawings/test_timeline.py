"""The geometry of a run's timeline."""

from dataclasses import replace

from nightbook.record.read.reader import read_run
from nightbook.tracker.drawings.timeline import timeline
from tests.support.sample_records import FROZEN


def test_a_timeline_begins_with_the_run_and_has_a_bar_for_each_attempt() -> None:
    run = read_run(FROZEN)
    drawn = timeline(run)
    attempts = [attempt for task in run.tasks for attempt in task.attempts]
    assert len([bar for row in drawn.rows for bar in row.bars]) == len(attempts)
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.3 for row in drawn.rows for bar in row.bars)
    assert drawn.ticks[0].label == "0"
    assert timeline(replace(run, tasks=(), end_ns=run.start_ns)).rows == ()


def test_a_rows_parts_lie_within_it_and_above_the_axis() -> None:
    drawn = timeline(read_run(FROZEN))
    for row, below in zip(drawn.rows, [*(row.y for row in drawn.rows[1:]), drawn.grid_height], strict=True):
        assert row.y < row.name_y < row.bar_y < row.label_y < row.bar_y + drawn.bar_height < below
    assert drawn.grid_height < drawn.axis_y < drawn.height
