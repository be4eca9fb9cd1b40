"""A flood leaves its beginning and its end in a bounded file, whoever is killed meanwhile."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook.execution.processes.output_log import OutputLog
from nightbook.record.format.output_gap import OutputGap, find_gap
from nightbook.record.read.output_lines import OutputLines
from tests.support.project import wait_for

MAX_BYTES = 10_000
NOTICE_BYTES = 200  # more than a notice has
PIECES = (1, 7, 100, 5000, 100_000)


def lines(count: int) -> bytes:
    return b"".join(b"%d\n" % number for number in range(count))


def write_in_pieces(file: Path, data: bytes, size: int, max_bytes: int = MAX_BYTES) -> None:
    with OutputLog(file, max_bytes) as log:
        for start in range(0, len(data), size):
            log.write(data[start : start + size])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "output.log"


def gap_of(text: bytes) -> OutputGap:
    gap = find_gap(text)
    assert gap is not None
    return gap


@pytest.mark.parametrize("size", PIECES)
def test_what_fits_is_whole(file: Path, size: int) -> None:
    data = lines(2000)[:MAX_BYTES]

    write_in_pieces(file, data, size)

    assert file.read_bytes() == data


@pytest.mark.promise("Of a flood of output, the beginning and the end are kept, and the gap is marked.")
@pytest.mark.parametrize("size", PIECES)
def test_a_flood_has_its_beginning_and_its_end_and_says_what_is_missing(file: Path, size: int) -> None:
    data = lines(20_000)

    write_in_pieces(file, data, size)

    kept = file.read_bytes()
    gap = gap_of(kept)
    beginning, end = kept[: gap.start], kept[gap.end :]
    assert len(kept) <= MAX_BYTES + NOTICE_BYTES
    assert len(beginning) > MAX_BYTES * 0.74
    assert len(end) > MAX_BYTES // 9
    assert data.startswith(beginning)
    assert data.endswith(b"\n" + end)
    assert beginning.endswith(b"\n")
    assert len(beginning) + gap.left_out_bytes + len(end) == len(data)


@pytest.mark.parametrize("size", PIECES)
@pytest.mark.parametrize("max_bytes", [0, 10, 1000, MAX_BYTES])
def test_one_endless_line_is_bounded_too(file: Path, size: int, max_bytes: int) -> None:
    data = b"x" * 50_000 + b"the end"

    write_in_pieces(file, data, size, max_bytes)

    kept = file.read_bytes()
    gap = gap_of(kept)
    assert len(kept) <= max_bytes + NOTICE_BYTES
    assert gap.start == max_bytes * 3 // 4
    assert data.endswith(kept[gap.end :])
    assert gap.left_out_bytes == len(data) - gap.start - len(kept[gap.end :])


@pytest.mark.parametrize("size", PIECES)
def test_a_progress_bar_takes_the_room_of_a_line_also_after_a_flood(file: Path, size: int) -> None:
    bar = b"".join(b"\r%d %%" % number for number in range(20_001))

    write_in_pieces(file, b"begins\n" + bar, size)
    assert file.read_bytes() == b"begins\n20000 %"

    file.unlink()
    write_in_pieces(file, lines(20_000) + bar + b"\nends\n", size)
    assert file.read_bytes().endswith(b"\n19999\n20000 %\nends\n")


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        ([b"kept\r", b"\n"], "kept\n"),
        ([b"kept\r\r", b"\r\n", b"more"], "kept\nmore"),
        ([b"10%\r", b"20%\r", b"done\r\n"], "done\n"),
        ([b"a\n10%", b"\r20%", b"\r"], "a\n20%"),
        (["é\r".encode(), b""], "é"),
        (["é".encode()[:1], "é".encode()[1:]], "é"),
        ([b"\r", b"\r"], None),
    ],
)
def test_a_carriage_return_may_be_anywhere_in_the_pieces(
    file: Path, pieces: list[bytes], text: str | None
) -> None:
    with OutputLog(file, MAX_BYTES) as log:
        for piece in pieces:
            log.write(piece)

    assert (file.read_text() if file.exists() else None) == text


def test_a_log_is_continued_as_if_it_had_not_been_closed(file: Path, tmp_path: Path) -> None:
    data = lines(20_000)
    for start in range(0, len(data), 3001):
        with OutputLog(file, MAX_BYTES) as log:
            log.write(data[start : start + 3001])
    write_in_pieces(tmp_path / "at once", data, 3001)

    assert file.read_bytes() == (tmp_path / "at once").read_bytes()


def test_a_line_begins_only_where_one_has_not_ended(file: Path) -> None:
    with OutputLog(file, MAX_BYTES) as log:
        log.begin_line()
        assert not file.exists()
        log.write(b"10%\r")
        log.begin_line()
        log.begin_line()
        log.write(b"next")

    assert file.read_text() == "10%\nnext"


def test_a_writer_that_is_killed_in_a_flood_leaves_both_ends(file: Path) -> None:
    child = os.fork()
    if not child:
        try:
            with OutputLog(file, MAX_BYTES) as log:
                for number in range(10**9):
                    log.write(b"%d\n" % number)
        finally:
            os._exit(1)

    def is_flooded() -> bool:
        gap = find_gap(file.read_bytes()) if file.exists() else None
        return gap is not None and gap.left_out_bytes > 10 * MAX_BYTES

    try:
        wait_for(is_flooded, "the flood", timeout_s=60)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

    kept = file.read_bytes()
    gap = gap_of(kept)
    assert kept.startswith(b"0\n1\n2\n")
    assert len(kept) <= 2 * MAX_BYTES
    numbers = [int(number) for number in kept[gap.end :].splitlines()]
    assert len(numbers) > 50
    assert numbers[0] > 1500


@pytest.fixture
def log(file: Path) -> Iterator[OutputLog]:
    with OutputLog(file, MAX_BYTES) as log:
        yield log


@pytest.mark.parametrize("is_begun_late", [False, True])
def test_whoever_follows_closely_reads_each_line_once(
    file: Path, log: OutputLog, *, is_begun_late: bool
) -> None:
    """A reader that looks often enough misses nothing, although older lines are cut away under it."""
    followed = OutputLines(file)
    first, end, read = 5000 if is_begun_late else 0, 15_000, []
    log.write(lines(first))
    for number in range(first, end):
        log.write(b"%d\n" % number)
        while found := followed.new_lines():
            read += found

    if is_begun_late:
        gap = next(place for place, line in enumerate(read) if "bytes of output are left out here" in line)
        read = read[gap + 1 :]
    assert read == [str(number) for number in range(int(read[0]), end)]
    assert is_begun_late or read[0] == "0"


def test_whoever_looks_seldom_is_told_that_lines_are_missing(file: Path, log: OutputLog) -> None:
    followed = OutputLines(file)
    log.write(b"first\n")
    assert followed.new_lines() == ["first"]
    log.write(lines(20_000))
    assert followed.new_lines()[-1] == "19999"
    log.write(lines(40_000))

    notice, *others = followed.new_lines()

    assert "bytes of output are left out here" in notice
    assert others == [str(number) for number in range(int(others[0]), 40_000)]
    assert followed.last_line() == ""


def test_a_file_that_cannot_be_written_is_an_error_with_its_name(file: Path) -> None:
    file.symlink_to("/dev/full")

    with OutputLog(file, MAX_BYTES) as log, pytest.raises(OSError, match=r"No space left .*output\.log'"):
        log.write(b"text")
