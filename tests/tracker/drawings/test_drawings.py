"""The geometry of the drawings, by itself."""

import math
from dataclasses import replace

import pytest

from nightbook.record.read.reader import read_run
from nightbook.tracker.drawings.dag_layout import NODE_HEIGHT, NODE_WIDTH, DagLayout, lay_out
from nightbook.tracker.drawings.line_chart import line_chart
from nightbook.tracker.drawings.timeline import timeline
from tests.support.sample_records import FROZEN

DIAMOND = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c", "a"]}


def crossings(layout: DagLayout) -> int:
    """How many pairs of edges between the same layers cross."""
    places = {node.key: (node.x, node.y) for node in layout.nodes}
    ends = [(places[edge.source], places[edge.target]) for edge in layout.edges]
    return sum(
        (a[1] < c[1] and b[1] > d[1]) for a, b in ends for c, d in ends if a[0] == c[0] and b[0] == d[0]
    )


def test_a_dag_is_drawn_in_layers_and_no_boxes_overlap() -> None:
    layout = lay_out(DIAMOND)
    places = {node.key: (node.x, node.y) for node in layout.nodes}
    assert places["a"][0] < places["b"][0] == places["c"][0] < places["d"][0]
    assert abs(places["b"][1] - places["c"][1]) >= NODE_HEIGHT
    assert all(
        x + NODE_WIDTH <= layout.width and y + NODE_HEIGHT <= layout.height for x, y in places.values()
    )
    assert {(edge.source, edge.target) for edge in layout.edges} == {
        ("a", "b"), ("a", "c"), ("a", "d"), ("b", "d"), ("c", "d"),
    }  # fmt: skip


def test_an_order_without_crossings_is_found() -> None:
    needs: dict[str, list[str]] = {f"in{n}": [] for n in range(6)}
    needs |= {f"out{n}": [f"in{5 - n}"] for n in range(6)}
    assert crossings(lay_out(needs)) == 0


@pytest.mark.parametrize(
    "needs",
    [{}, {"a": ["a"]}, {"a": ["b"], "b": ["a"]}, {"a": ["nothing"]}, {"a": [], "b": ["a", "a"]}],
)
def test_whatever_a_record_says_is_drawn(needs: dict[str, list[str]]) -> None:
    layout = lay_out(needs)
    assert [node.key for node in layout.nodes] == list(needs)
    assert len(layout.edges) == (needs == {"a": [], "b": ["a", "a"]})


def test_three_hundred_tasks_are_laid_out_too() -> None:
    chain = {str(n): [str(n - 1)] if n else [] for n in range(300)}
    fan = {str(n): ["0"] if n else [] for n in range(300)}
    assert lay_out(chain).width == pytest.approx(300 * (NODE_WIDTH + 42), rel=0.01)
    assert lay_out(fan).height > 299 * NODE_HEIGHT


def test_a_chart_leaves_gaps_where_there_is_no_number() -> None:
    chart = line_chart({"loss": [1.0, math.nan, None, 3.0, 10**400, 2.0]})
    (line,) = chart.lines
    assert [marker.index for marker in line.markers] == [0, 1, 3, 4, 5]
    assert [marker.y is None for marker in line.markers] == [False, True, False, True, False]
    assert len(line.segments) == 3
    assert all(0 <= marker.x <= 100 and 0 <= (marker.y or 0) <= 100 for marker in line.markers)


def test_a_line_goes_through_all_values_though_only_the_newest_have_markers() -> None:
    lines = line_chart({"a": [1.0, 2.0, None, 4.0], "b": [1.0, None]}, most_markers=2).lines
    assert [[marker.index for marker in line.markers] for line in lines] == [[3], []]
    assert [point.partition(",")[0] for point in lines[0].segments[0].split()] == ["0.0", "33.33", "100.0"]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0.0, 1.0], ["1.00", "0.75", "0.50", "0.25", "0.00"]),
        ([0.9711, 0.9741], ["0.974", "0.973", "0.972", "0.971"]),
        ([5, 5], ["5.2", "5.0", "4.8"]),
        ([1000, 9000], ["8,000", "6,000", "4,000", "2,000"]),
        ([-1e300, 1e299], None),
        ([1e-9, 3e-9], None),
        ([math.nan], []),
        ([], []),
    ],
)
def test_ticks_are_round_numbers(values: list[float], labels: list[str] | None) -> None:
    ticks = line_chart({"x": values}).ticks
    if labels is not None:
        assert [tick.label for tick in reversed(ticks)] == labels
    assert len({tick.label for tick in ticks}) == len(ticks)
    assert all(0 <= tick.y <= 100 for tick in ticks)


def test_a_timeline_begins_with_the_run_and_has_a_bar_for_each_attempt() -> None:
    run = read_run(FROZEN)
    drawn = timeline(run)
    attempts = [attempt for task in run.tasks for attempt in task.attempts]
    assert len([bar for row in drawn.rows for bar in row.bars]) == len(attempts)
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.3 for row in drawn.rows for bar in row.bars)
    assert drawn.ticks[0].label == "0"
    assert timeline(replace(run, tasks=(), end_ns=run.start_ns)).rows == ()
