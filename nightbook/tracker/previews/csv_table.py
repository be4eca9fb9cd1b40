"""The preview of a table: the first rows and columns of a CSV file (RFC 4180), whatever its delimiter.

Nothing is known of such a file but its ending: it may be large, damaged, or not a table at all.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import StringIO

from nightbook.record.format.model import Artifact
from nightbook.tracker.previews.kind import LoggedFile, PreviewKind

MOST_ROWS, MOST_COLUMNS = 10, 12
_MOST_BYTES = 250_000  # that are read of a file: some milliseconds
_ENDINGS = (".csv", ".tsv")
_DELIMITERS = ",;\t|"  # of equally frequent ones, the first
_ENCODINGS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_FALLBACK_ENCODING = "cp1252"  # of text that is not UTF-8: what spreadsheets on Windows write
_QUOTED = re.compile(r'"[^"]*"')
_NUMBER = re.compile(
    r"[+-]?(\d[\d.,]*|[.,]\d+)(e[+-]?\d+)?%?|[+-]?(nan|inf(inity)?)", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``is_number`` if all that is shown of it are numbers."""

    name: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class CsvTable:
    """The upper left part of a table; each row has a cell for each column.

    ``row_count`` is None if the file is too large, or too damaged, to be counted. ``url`` is empty if the
    site does not carry the file.
    """

    name: str
    size_bytes: int
    url: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    row_count: int | None
    column_count: int


def is_csv(artifact: Artifact) -> bool:
    """Return whether the artifact's name is that of a CSV file."""
    return artifact.path.suffix.lower() in _ENDINGS


def build_table(logged: LoggedFile) -> CsvTable | None:
    """Return the table, or None if the file is missing, empty or not text."""
    file = logged.find()
    if file is None:
        return None
    with file.open("rb") as reader:
        content = reader.read(_MOST_BYTES + 1)
    is_cut = len(content) > _MOST_BYTES
    lines, is_complete = _read_rows(_decode(content[:_MOST_BYTES]))
    if is_cut:
        lines = lines[:-1]  # the last one is not whole
    if not lines:
        return None
    header, rows = lines[0], lines[1 : MOST_ROWS + 1]
    column_count = max(map(len, (header, *rows)))
    width = min(column_count, MOST_COLUMNS)
    cells = tuple(_padded(row, width) for row in rows)
    return CsvTable(
        name=logged.artifact.name,
        size_bytes=logged.artifact.size_bytes,
        url=logged.url,
        columns=tuple(_columns(_padded(header, width), cells)),
        rows=cells,
        row_count=None if is_cut or not is_complete else len(lines) - 1,
        column_count=column_count,
    )


def _decode(content: bytes) -> str:
    """Return the text; a character that is cut off at the end is left out."""
    encoding = next((name for mark, name in _ENCODINGS.items() if content.startswith(mark)), "utf-8")
    try:
        return codecs.getincrementaldecoder(encoding)().decode(content)
    except UnicodeDecodeError:
        return content.decode(_FALLBACK_ENCODING, errors="replace")


def _read_rows(text: str) -> tuple[list[list[str]], bool]:
    """Return the rows that are not empty, and whether the text could be read to its end."""
    rows: list[list[str]] = []
    if "\0" in text:  # it is not text
        return rows, False
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=_find_delimiter(text))
        rows.extend(row for row in reader if row)
    except csv.Error:  # a cell of more than 128 KiB, as after a quote that is never closed
        return rows, False
    return rows, True


def _find_delimiter(text: str) -> str:
    """Return the delimiter that the first line has most of, outside of quotes."""
    head = _QUOTED.sub("", next(iter(text.lstrip().splitlines()), ""))
    return max(_DELIMITERS, key=head.count)


def _padded(row: Sequence[str], width: int) -> tuple[str, ...]:
    return (*row[:width], *[""] * (width - len(row)))


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[Column]:
    for index, name in enumerate(header):
        filled = [row[index].strip() for row in rows if row[index].strip()]
        yield Column(name, is_number=bool(filled) and all(_NUMBER.fullmatch(cell) for cell in filled))


KIND = PreviewKind(
    name="tables",
    title="Tables",
    template="previews/csv_table.html",
    matches=is_csv,
    build=build_table,
    most_on_run_page=6,
)
