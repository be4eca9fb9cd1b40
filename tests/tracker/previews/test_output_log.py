"""The end of an output log on a page."""

from pathlib import Path

from nightbook.tracker.previews.output_log import OutputTail, read_tail


def test_a_short_log_is_whole_and_plain(tmp_path: Path) -> None:
    log = tmp_path / "output.log"
    log.write_text("── cell 1 of 2 ──\n\x1b[31m<b>red\x1b[0m\n10%\r20%\n")

    assert read_tail(log) == OutputTail("── cell 1 of 2 ──\n<b>red\n20%", is_cut=False)


def test_a_long_log_is_cut_to_its_last_lines(tmp_path: Path) -> None:
    log = tmp_path / "output.log"
    log.write_text("".join(f"{number}\n" for number in range(100_000)))

    for max_bytes in (500, 100_000):
        tail = read_tail(log, max_bytes)
        assert tail is not None
        lines = [int(line) for line in tail.text.split("\n")]
        assert tail.is_cut
        assert lines == list(range(100_000 - len(lines), 100_000))
        assert len(lines) == (83 if max_bytes == 500 else 200)


def test_there_is_none_without_text(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "link").symlink_to("/etc/passwd")

    assert read_tail(tmp_path / "missing") is None
    assert read_tail(tmp_path / "empty") is None
    assert read_tail(tmp_path / "link") is None
