"""What cells print is in a bounded file while they run."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.attempts import Attempt
from tests.support.project import wait_for

GUARD_S = 30  # far more than the second that it takes


@pytest.fixture
def attempt(tmp_path: Path) -> Attempt:
    return Attempt(tmp_path)


@contextmanager
def running(attempt: Attempt, *sources: str) -> Iterator[None]:
    """Run the cells, the last of which waits for the file ``go``."""
    wait = "import pathlib, time\nwhile not pathlib.Path('go').exists():\n    time.sleep(0.02)"
    *others, last = sources
    thread = threading.Thread(target=attempt.run, args=(*others, f"{last}\n{wait}"), daemon=True)
    thread.start()
    try:
        yield
    finally:
        (attempt.folder.path / "go").touch()
        thread.join()


def log(attempt: Attempt) -> str:
    return attempt.folder.output_log.read_text() if attempt.folder.output_log.exists() else ""


def test_a_line_is_in_the_file_while_its_cell_goes_on(attempt: Attempt) -> None:
    with running(attempt, "print('begins')"):
        wait_for(lambda: "begins\n" in log(attempt), "the line", timeout_s=GUARD_S)
        assert attempt.cells == []


def test_a_line_without_an_end_is_there_too_and_is_overwritten_in_place(attempt: Attempt) -> None:
    with running(attempt, "print('working', end='', flush=True)", "print('\\r 10%\\r 20%', end='')"):
        wait_for(lambda: " 20%" in log(attempt), "the progress bar", timeout_s=GUARD_S)

    assert log(attempt) == "── cell 1 of 2 ──\nworking\n── cell 2 of 2 ──\n 20%"


def test_both_streams_and_results_are_there_and_cells_that_print_nothing_are_not(attempt: Attempt) -> None:
    attempt.run("import sys\nprint('out', flush=True)\nprint('err', file=sys.stderr)\n1 + 1", "x = 1", "x")

    assert log(attempt) == "── cell 1 of 3 ──\nout\nerr\n2\n── cell 3 of 3 ──\n1\n"


def test_a_traceback_is_there(attempt: Attempt) -> None:
    attempt.run("1 / 0")

    assert "division by zero" in log(attempt)


def test_a_traceback_is_there_after_a_flood(attempt: Attempt) -> None:
    attempt.run("for i in range(100_000):\n    print(i)\n1 / 0")

    assert "division by zero" in log(attempt).rpartition("left out here")[2]


def test_there_is_no_file_if_nothing_is_printed(attempt: Attempt) -> None:
    attempt.run("x = 1")

    assert not attempt.folder.output_log.exists()


def test_a_flood_of_many_cells_is_bounded_with_its_beginning_and_its_end(attempt: Attempt) -> None:
    flood = "for i in range(100_000):\n    print(i)"
    attempt.run(*[flood] * 6, "print('the end')")

    text = log(attempt)
    assert len(text.encode()) < attempt.max_output_bytes + 1000
    assert text.startswith("── cell 1 of 7 ──\n0\n1\n")
    assert text.count("bytes of output are left out here") == 1
    assert text.endswith("\n99999\n── cell 7 of 7 ──\nthe end\n")


def test_a_long_progress_bar_takes_the_room_of_a_line(attempt: Attempt) -> None:
    bar = "import sys, time\nfor i in range(3000):\n    sys.stdout.write(f'\\r{i:5}/2999 |{\"#\" * 60}|')\n"
    attempt.run(f"{bar}    if i % 300 == 0:\n        sys.stdout.flush()\nprint()\nprint('done')")

    assert log(attempt) == f"── cell 1 of 1 ──\n 2999/2999 |{'#' * 60}|\ndone\n"


@pytest.mark.parametrize(
    "sources",
    [["print('text')"], ["print('text')", "print('more')"], ["print('a')", "import time; time.sleep(0.5)"]],
)
def test_a_file_that_cannot_be_written_is_an_error_with_its_name(
    attempt: Attempt, sources: list[str]
) -> None:
    attempt.folder.output_log.symlink_to("/dev/full")

    with pytest.raises(OSError, match=r"No space left on device: '.*output.log'"):
        attempt.run(*sources)
