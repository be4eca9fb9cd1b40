"""A moment as text."""

import pytest

from nightbook.record.render.times import iso_time


@pytest.mark.parametrize("ns", [-(2**70), 2**70])
def test_a_time_that_is_in_no_calendar_is_a_time_nevertheless(ns: int) -> None:
    assert iso_time(ns).startswith("9999-12-31T")
