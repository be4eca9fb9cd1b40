"""A log of limited size keeps the beginning and the end."""

from pathlib import Path

import pytest

from nightbook.execution.processes.bounded_log import BoundedLog


@pytest.mark.parametrize("piece", [1, 7, 1_000, 100_000])
def test_the_beginning_and_the_end_are_kept(tmp_path: Path, piece: int) -> None:
    data = "".join(f"{number}\n" for number in range(10_000)).encode()
    with BoundedLog(tmp_path / "log", 1_000) as log:
        for start in range(0, len(data), piece):
            log.write(data[start : start + piece])

    begin, notice, end = (tmp_path / "log").read_bytes().partition(
        b"\n[nightbook: 47,890 bytes are left out here, because this attempt has more than 1,000 bytes of "
        b"output; the limit is max_output_bytes in luigi.cfg]\n"
    )
    assert notice
    assert begin == data[:750]
    assert end == data[-250:]


@pytest.mark.parametrize("piece", [1, 1_000])
def test_nothing_is_left_out_up_to_the_limit(tmp_path: Path, piece: int) -> None:
    data = bytes(1_000)
    with BoundedLog(tmp_path / "log", 1_000) as log:
        for start in range(0, len(data), piece):
            log.write(data[start : start + piece])

    assert (tmp_path / "log").read_bytes() == data


def test_the_beginning_is_there_at_once(tmp_path: Path) -> None:
    with BoundedLog(tmp_path / "log", 1_000) as log:
        log.write(b"first")
        assert (tmp_path / "log").read_bytes() == b"first"
        log.write(b"x" * 2_000)
        assert (tmp_path / "log").read_bytes().startswith(b"first" + b"x" * 995)
