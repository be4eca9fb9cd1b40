"""Times, sizes and outcomes as text."""

import pytest

from nightbook.record.format.model import Outcome
from nightbook.record.render.times import iso_time
from nightbook.tracker.output.formatting import (
    clock_text,
    date_text,
    outcome_class,
    outcome_glyph,
    size_text,
)


@pytest.mark.parametrize(
    ("size_bytes", "text"),
    [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1000, "1 kB"), (250_124, "250 kB"),
     (999_499, "999 kB"), (999_500, "1 MB"), (1_234_567, "1.23 MB"), (2**63, "9.22 EB")],
)  # fmt: skip
def test_a_size_is_short(size_bytes: int, text: str) -> None:
    assert size_text(size_bytes) == text


def test_a_time_is_written_to_the_millisecond_and_read_as_day_and_clock() -> None:
    iso = iso_time(1_795_403_820_123_999_999)

    assert iso == "2026-11-23T03:17:00.123Z"
    assert (date_text(iso), clock_text(iso)) == ("23 November 2026", "03:17")


def test_outcomes_have_glyphs_of_their_own_and_names_without_spaces() -> None:
    outcomes = [*Outcome, "running", "unreadable"]

    assert len({outcome_glyph(outcome) for outcome in outcomes} - {""}) == len(outcomes)
    assert outcome_glyph("of tomorrow") == ""
    assert outcome_class(Outcome.NOT_RUN) == "not-run"
