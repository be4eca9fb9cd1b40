"""The marks on axes."""

import math

import pytest

from nightbook.tracker.drawings.axis import Tick, time_ticks
from nightbook.tracker.drawings.line_chart import line_chart

SECOND = 1_000_000_000


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([0.0, 1.0], ["1.00", "0.75", "0.50", "0.25", "0.00"]),
        ([0.9711, 0.9741], ["0.974", "0.973", "0.972", "0.971"]),
        ([5, 5], ["5.2", "5.0", "4.8"]),
        ([1000, 9000], ["8,000", "6,000", "4,000", "2,000"]),
        ([-1e300, 1e299], None),
        ([1e-9, 3e-9], None),
        ([2**53, 2**53 + 1], None),
        ([2**62, 2**62], None),
        ([1_000_001, 1_000_005], ["1000005", "1000004", "1000003", "1000002", "1000001"]),
        ([5e-324, 1e-323], None),
        ([0.0, 5e-324], None),
        ([1e308, -1e308, 1.0], None),
        ([1e299, math.nextafter(1e299, 1e300)], None),
        ([0.1, math.nextafter(0.1, 1)], None),
        ([math.nan], []),
        ([], []),
    ],
)
def test_ticks_are_round_numbers(values: list[float], labels: list[str] | None) -> None:
    ticks = line_chart({"x": values}).ticks
    if labels is not None:
        assert [tick.label for tick in reversed(ticks)] == labels
    assert len({tick.label for tick in ticks}) == len(ticks)
    assert all(0 <= tick.position <= 100 for tick in ticks)


@pytest.mark.parametrize(
    ("length_s", "labels"),
    [
        (0.004, ["0", "1 ms", "2 ms", "3 ms", "4 ms"]),
        (3, ["0", "500 ms", "1 s", "1.5 s", "2 s", "2.5 s", "3 s"]),
        (100, ["0", "15 s", "30 s", "45 s", "1 min 00 s", "1 min 15 s", "1 min 30 s"]),
    ],
)
def test_ticks_of_times_are_round_and_begin_at_0(length_s: float, labels: list[str]) -> None:
    ticks = time_ticks(round(length_s * SECOND))

    assert [tick.label for tick in ticks] == labels
    assert ticks[0].position == 0
    assert all(0 <= tick.position <= 100 for tick in ticks)


@pytest.mark.parametrize("length_s", [1e-9, 1e6, 1e9])
def test_there_are_never_too_many_ticks(length_s: float) -> None:
    assert 1 <= len(time_ticks(round(length_s * SECOND))) <= 8


@pytest.mark.parametrize(
    ("position", "alignment"), [(0, "first"), (0.1, ""), (94, ""), (94.1, "last"), (100, "last")]
)
def test_a_label_at_the_end_of_an_axis_stays_within_it(position: float, alignment: str) -> None:
    assert Tick(position, "1 s").alignment == alignment
