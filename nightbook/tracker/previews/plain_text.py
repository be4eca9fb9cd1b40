"""A text file of a record as a page shows it: a part of it, without a terminal's control characters."""

from dataclasses import dataclass
from pathlib import Path

from nightbook.record.render.terminal_text import plain

_MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text, and how many bytes were left out."""

    text: str
    left_out_bytes: int


def read_start(file: Path) -> TextPart:
    """Return the start of a text, such as a source."""
    return _read(file, from_byte=0)


def read_end(file: Path) -> TextPart:
    """Return the end of a text, such as a log, of which the last lines say why it ended."""
    return _read(file, from_byte=max(file.stat().st_size - _MOST_BYTES, 0))


def _read(file: Path, *, from_byte: int) -> TextPart:
    with file.open("rb") as reader:
        reader.seek(from_byte)
        kept = reader.read(_MOST_BYTES)
    return TextPart(plain(kept.decode(errors="replace")), file.stat().st_size - len(kept))
