"""The cells of a notebook in text form, with the lines of the file that each was read from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from jupytext.formats import get_format_implementation
from jupytext.header import header_to_metadata_and_cell
from jupytext.stringparser import StringParser

EXTENSION = ".py"
_COMMENT = "#"


@dataclass(frozen=True, slots=True)
class TextCell:
    """A cell as it stands in the file: ``lines``, of which the first is line ``first_line``, from 1."""

    kind: str  # code, markdown or raw
    language: str
    metadata: Any
    first_line: int
    lines: Sequence[str]

    def unquoted_lines(self) -> Iterator[tuple[int, str]]:
        """Yield the lines that are not within a string, each with its number in the file."""
        parser = StringParser("python")
        for number, line in enumerate(self.lines, start=self.first_line):
            if not parser.is_quoted():
                yield number, line
            parser.read_line(line)


def text_cells(text: str, format_name: str) -> Iterator[TextCell]:
    """Yield the cells of a Python file, found by jupytext's own reader of the format."""
    lines = text.splitlines()
    reader_class = get_format_implementation(EXTENSION, format_name).cell_reader_class
    *_, position = header_to_metadata_and_cell(lines, _COMMENT, "", EXTENSION)
    while position < len(lines):
        reader = reader_class({"extension": EXTENSION, "comment_magics": False}, "python")
        cell, length = reader.read(lines[position:])
        content = reader.org_content
        has_marker = lines[position : position + len(content)] != content
        yield TextCell(
            kind=cell.cell_type,
            language=reader.language or "python",
            metadata=cell.metadata,
            first_line=position + 1 + has_marker,
            lines=content,
        )
        position += length
