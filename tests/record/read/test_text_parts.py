"""The start and the end of long texts."""

from pathlib import Path

import pytest

from nightbook.record.read.text_parts import TextPart, last_lines, read_end, read_start

TEXT = "first\nsecond\nthird\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "text"
    file.write_text(TEXT)
    return file


def test_a_short_text_is_whole(file: Path) -> None:
    assert read_start(file, 100) == read_end(file, 100) == TextPart(TEXT, 0)


def test_the_start_may_end_in_a_line(file: Path) -> None:
    assert read_start(file, 8) == TextPart("first\nse", len(TEXT) - 8)


@pytest.mark.parametrize("max_bytes", [6, 8, 12])
def test_the_end_begins_with_a_line(file: Path, max_bytes: int) -> None:
    assert read_end(file, max_bytes) == TextPart("third\n", len(TEXT) - 6)


def test_the_end_of_one_long_line_is_shown_nevertheless(file: Path) -> None:
    assert read_end(file, 3) == TextPart("rd\n", len(TEXT) - 3)


def test_the_last_lines_are_empty_without_a_log(tmp_path: Path, file: Path) -> None:
    assert last_lines(tmp_path / "missing") == ""
    assert last_lines(file, max_bytes=8) == "third"
