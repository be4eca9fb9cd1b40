"""The geometry of line charts."""

import math
import random
import struct

import pytest

from nightbook.tracker.drawings.line_chart import line_chart


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


def any_number(chance: random.Random) -> float:
    """A float of any bits: denormal, huge, NaN; a whole number of any length; or one near another."""
    bits = chance.getrandbits(64)
    (number,) = struct.unpack("<d", struct.pack("<Q", bits))
    return chance.choice([float(number), bits, bits - 2**63, 2**53 + bits % 3, 0, 1.0, 10**400, -math.inf])


@pytest.mark.parametrize("seed", range(20))
def test_whatever_was_logged_can_be_drawn(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(200):
        values = [any_number(chance) for _ in range(chance.randint(0, 5))]
        chart = line_chart({"x": values})
        drawn = [marker.y for line in chart.lines for marker in line.markers if marker.y is not None]
        assert all(0 <= y <= 100 for y in drawn), values
        assert all(0 <= tick.position <= 100 for tick in chart.ticks), values
        assert len({tick.label for tick in chart.ticks}) == len(chart.ticks) <= 12, values
        assert bool(chart.ticks) is bool(drawn), values
