"""Sources and logs on pages."""

from pathlib import Path

from nightbook.record.read.text_parts import TextPart
from nightbook.tracker.previews.plain_text import read_end, read_start


def test_a_terminals_control_characters_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "output.log"
    file.write_bytes(b"\x1b[31mred\x1b[0m\r\n1 %\r100 %\nbell\x07 \x1b]0;title\x07\xff\n\ttab")

    for part in (read_end(file), read_start(file)):
        assert part == TextPart("red\n100 %\nbell \ufffd\n\ttab", 0)


def test_a_long_log_shows_its_end_and_a_long_source_its_start(tmp_path: Path) -> None:
    file = tmp_path / "output.log"
    file.write_text("a" + "b" * 200_000 + "c")

    assert (read_end(file).text[-1], read_end(file).left_out_bytes) == ("c", 2)
    assert (read_start(file).text[0], read_start(file).left_out_bytes) == ("a", 2)
