"""What a record can do to a terminal: colour it, for a line."""

import pytest

from nightbook.record.render.terminal_text import coloured, plain, without_overwritten

HOSTILE = {
    "title": "\x1b]0;owned\x07text",
    "title that is never ended": "text\x1b]0;owned",
    "title in one byte": "\x9d0;owned\x9ctext",
    "clipboard": "\x1b]52;c;b3duZWQ=\x1b\\text",
    "answer": "te\x1b[cx\x1b[6nt",
    "device string": "\x1bP$qm\x1b\\text",
    "cursor": "\x1b[2J\x1b[1;1Htext",
    "cursor in one byte": "\x9b2Jtext",
    "private mode": "\x1b[?1049htext",
    "alphabet": "\x1b(0text\x1bc",
    "keys": "te\bx\x07t\x0e\x0f",
    "direction": "te\u202ext\u2069",
    "unfinished": "text\x1b[",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
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
