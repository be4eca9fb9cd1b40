"""A text file of a record as a page shows it: a part of it, without a terminal's control characters."""

from dataclasses import replace
from pathlib import Path

from nightbook.record.read import text_parts
from nightbook.record.read.text_parts import TextPart
from nightbook.record.render.terminal_text import plain

_MOST_BYTES = 200_000


def read_start(file: Path) -> TextPart:
    """Return the start of a text, such as a source."""
    return _plain(text_parts.read_start(file, _MOST_BYTES))


def read_end(file: Path) -> TextPart:
    """Return the end of a text, such as a log, of which the last lines say why it ended."""
    return _plain(text_parts.read_end(file, _MOST_BYTES))


def _plain(part: TextPart) -> TextPart:
    return replace(part, text=plain(part.text))
