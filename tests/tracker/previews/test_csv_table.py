"""The preview of a CSV file: whatever the file holds, a bounded table or none."""

import codecs
from pathlib import Path, PurePosixPath

import pytest

from nightbook.record.format.model import Artifact, ArtifactType
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.previews.csv_table import MOST_COLUMNS, MOST_ROWS, CsvTable, build_table, is_csv
from nightbook.tracker.previews.kind import LoggedFile


def artifact(name: str) -> Artifact:
    return Artifact(
        name, ArtifactType.FILE, "text/csv", 7, "", PurePosixPath("tasks/work/attempt-01/artifacts", name)
    )


def preview(folder: Path, content: bytes, name: str = "table.csv", max_bytes: int = 10**6) -> CsvTable | None:
    logged = artifact(name)
    (folder / logged.path).parent.mkdir(parents=True, exist_ok=True)
    (folder / logged.path).write_bytes(content)
    return build_table(LoggedFile(logged, RecordFiles.of(folder, max_bytes), f"runs/x/{name}"))


def built(folder: Path, content: bytes, name: str = "table.csv") -> CsvTable:
    table = preview(folder, content, name)
    assert table is not None
    return table


def names(table: CsvTable) -> list[str]:
    return [column.name for column in table.columns]


def test_a_small_table_is_there_whole(tmp_path: Path) -> None:
    table = built(tmp_path, b'model,accuracy\nSVC,0.97\n\n"a ""b"",\nc",-1e-3\n')

    assert names(table) == ["model", "accuracy"]
    assert table.rows == (("SVC", "0.97"), ('a "b",\nc', "-1e-3"))
    assert [column.is_number for column in table.columns] == [False, True]
    assert (table.row_count, table.column_count, table.size_bytes) == (2, 2, 7)
    assert table.url == "runs/x/table.csv"


def test_a_large_table_is_cut_and_says_how_much_is_left_out(tmp_path: Path) -> None:
    lines = [",".join(f"{row}.{column}" for column in range(40)) for row in range(300)]
    table = built(tmp_path, "\n".join(lines).encode())

    assert len(table.rows) == MOST_ROWS
    assert {len(row) for row in table.rows} == {len(table.columns)} == {MOST_COLUMNS}
    assert (table.row_count, table.column_count) == (299, 40)


def test_a_file_that_is_too_large_is_read_in_part(tmp_path: Path) -> None:
    table = built(tmp_path, b"a,b\n" + b"1,\xc3\xa4\n" * 100_000)

    assert table.rows == (("1", "ä"),) * MOST_ROWS
    assert table.row_count is None


@pytest.mark.parametrize("size", range(249_990, 250_010))
def test_no_row_is_shown_in_part(tmp_path: Path, size: int) -> None:
    """Wherever the reading ends: within a row, a character, or just behind them."""
    long, filling = b"x" * 100_000, b"y" * (size - 100_010)
    table = built(tmp_path, b"\n".join([b"a", long, filling, b"b\xc3\xa4", b"last", b""]))

    assert set(table.rows[1:]) <= {(filling.decode(),), ("bä",), ("last",)}


@pytest.mark.parametrize(
    ("content", "header"),
    [
        (b"a;b, c;d\n1;2;3\n", ["a", "b, c", "d"]),
        (b'"a;b",c\n', ["a;b", "c"]),
        (b"a\tb\n", ["a", "b"]),
        (b"a|b\n", ["a", "b"]),
        (b"a\rb\r", ["a"]),
        (b"a,b\r\n1,2\r\n", ["a", "b"]),
        (codecs.BOM_UTF8 + b"a,b\n", ["a", "b"]),
        ("ä,b\n".encode("utf-16"), ["ä", "b"]),
        ("ä,€\n".encode("cp1252"), ["ä", "€"]),
        (b"\xff\x81\x8d,b\n", ["ÿ\ufffd\ufffd", "b"]),
    ],
)
def test_delimiters_and_encodings_are_found(tmp_path: Path, content: bytes, header: list[str]) -> None:
    assert names(built(tmp_path, content)) == header


@pytest.mark.parametrize("content", [b"", b"\n\n\r\n", b"\x00\x01\x02", b"a,b\x00\n1,2", b"x" * 600_000])
def test_what_is_no_table_has_no_preview(tmp_path: Path, content: bytes) -> None:
    assert preview(tmp_path, content) is None


def test_a_file_that_is_gone_has_no_preview(tmp_path: Path) -> None:
    assert build_table(LoggedFile(artifact("table.csv"), RecordFiles.of(tmp_path, 10), "x")) is None


def test_rows_of_any_length_become_a_rectangle(tmp_path: Path) -> None:
    table = built(tmp_path, b"a\n1,2,3\n4\n")

    assert names(table) == ["a", "", ""]
    assert table.rows == (("1", "2", "3"), ("4", "", ""))
    assert table.column_count == 3


def test_what_can_be_read_of_a_damaged_file_is_shown(tmp_path: Path) -> None:
    table = built(tmp_path, b'a,b\n1,2\n"never closed,' + b"x" * 140_000)

    assert table.rows == (("1", "2"),)
    assert table.row_count is None


@pytest.mark.parametrize(
    ("cells", "is_number"),
    [
        (["1", "-2.5", "+3e10", ".5", "7."], True),
        (["1,234.5", "0,5", "12%"], True),
        (["nan", "-inf", "Infinity"], True),
        (["", "1", " 2 "], True),
        (["", ""], False),
        (["1", "x"], False),
        (["e5"], False),
        (["٣"], False),
    ],
)
def test_a_column_of_numbers_is_known(tmp_path: Path, cells: list[str], is_number: bool) -> None:  # noqa: FBT001 a case of the test
    rows = "".join(f'x,"{cell}"\n' for cell in cells)

    assert built(tmp_path, f"a,b\n{rows}".encode()).columns[1].is_number is is_number


def test_a_file_that_the_site_does_not_carry_has_no_address(tmp_path: Path) -> None:
    table = preview(tmp_path, b"a,b\n", max_bytes=1)

    assert table is not None
    assert table.url == ""


def test_the_name_decides_what_is_a_csv_file() -> None:
    matching = [
        name for name in ("a.csv", "B.CSV", "c.tsv", "d.csv.gz", "csv", "e.txt") if is_csv(artifact(name))
    ]

    assert matching == ["a.csv", "B.CSV", "c.tsv"]
