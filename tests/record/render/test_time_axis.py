import pytest

from nightbook.record.render.time_axis import time_axis

MS = 1_000_000
SECOND = 1000 * MS
HOUR = 3600 * SECOND


@pytest.mark.parametrize(
    ("length_ns", "axis"),
    [
        (-SECOND, ("1millisecond", "%M:%S.%L")),
        (0, ("1millisecond", "%M:%S.%L")),
        (8 * MS, ("1millisecond", "%M:%S.%L")),
        (8 * MS + 1, ("5millisecond", "%M:%S.%L")),
        (4 * SECOND, ("500millisecond", "%M:%S.%L")),
        (5 * SECOND, ("2second", "%H:%M:%S")),
        (HOUR, ("10minute", "%H:%M")),
        (24 * HOUR, ("6hour", "%m-%d %H:%M")),
        (100 * 365 * 24 * HOUR, ("1month", "%Y-%m-%d")),
    ],
)
def test_an_axis_has_few_ticks_that_tell_themselves_apart(length_ns: int, axis: tuple[str, str]) -> None:
    assert time_axis(length_ns) == axis
