"""What a record can do to a terminal: colour it, for a line."""

import pytest

from nightbook.record.render.terminal_text import coloured, plain, without_overwritten
from tests.support.hostile_strings import TERMINAL


@pytest.mark.parametrize("text", TERMINAL.values(), ids=TERMINAL)
def test_nothing_but_the_text_is_left(text: str) -> None:
    for shown in (plain(text), coloured(text).removesuffix("\x1b[0m")):
        assert "\x1b" not in shown
        assert shown.isprintable()
        assert "owned" not in shown
        assert set("text") <= set(shown)


def test_colours_are_kept_where_they_are_wanted_and_end_with_their_line() -> None:
    assert plain("\x1b[31mred\x1b[39m") == "red"
    assert coloured("\x1b[1;31mred") == "\x1b[1;31mred\x1b[0m"
    assert coloured("tab\tand é 日本") == "tab\tand é 日本"


def test_overwritten_lines_are_shown_as_they_were_seen_last() -> None:
    assert without_overwritten("1%\r2%\r\n3%\r4%") == "2%\n4%"
