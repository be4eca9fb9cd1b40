import pytest

from nightbook.record.render.durations import format_duration

MS = 1_000_000
SECOND = 1000 * MS


@pytest.mark.parametrize(
    ("ns", "text"),
    [
        (-5 * SECOND, "0 ms"),
        (0, "0 ms"),
        (499_999, "0 ms"),
        (500_000, "1 ms"),
        (340 * MS, "340 ms"),
        (999_499_999, "999 ms"),
        (999_500_000, "1.0 s"),
        (1_249 * MS, "1.2 s"),
        (59_949 * MS, "59.9 s"),
        (59_950 * MS, "1 min 00 s"),
        (185 * SECOND, "3 min 05 s"),
        (3_599_400 * MS, "59 min 59 s"),
        (3_599_500 * MS, "1 h 00 min"),
        (3_725 * SECOND, "1 h 02 min"),
        (100 * 3600 * SECOND, "100 h 00 min"),
    ],
)
def test_a_duration_is_rounded_to_what_matters(ns: int, text: str) -> None:
    assert format_duration(ns) == text
