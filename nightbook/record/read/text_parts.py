"""The start or the end of a text file in a record, which may be too long to be read as a whole."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class TextPart:
    """A part of a text, and how many bytes were left out."""

    text: str
    left_out_bytes: int


def read_start(file: Path, max_bytes: int) -> TextPart:
    """Return the start of a text, such as a source."""
    with file.open("rb") as reader:
        data = reader.read(max_bytes)
        size = reader.seek(0, 2)
    return TextPart(data.decode(errors="replace"), max(size - len(data), 0))


def read_end(file: Path, max_bytes: int) -> TextPart:
    """Return the end of a text, such as a log, from the start of a line if it has one."""
    with file.open("rb") as reader:
        left_out = max(reader.seek(0, 2) - max_bytes, 0)
        reader.seek(left_out)
        data = reader.read(max_bytes)
    if left_out:
        begin = data.find(b"\n", 0, -1) + 1
        data, left_out = data[begin:], left_out + begin
    return TextPart(data.decode(errors="replace"), left_out)


def last_lines(file: Path, *, max_bytes: int = 2000) -> str:
    """Return the last lines of a log as the reason of a failure; empty if there is no log."""
    return read_end(file, max_bytes).text.strip() if file.is_file() else ""
