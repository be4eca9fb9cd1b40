"""Nothing that a cell shows is lost below the limit; beyond it, the beginning and the end are kept."""

from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.attempts import Attempt

_MEMORY = "print(int(open('/proc/self/statm').read().split()[1]) * 4_096 // 1_000_000)\n"


@pytest.fixture
def attempt(tmp_path: Path, kernels: str) -> Attempt:  # noqa: ARG001 every test has both kinds of kernel
    return Attempt(tmp_path)


def test_all_of_many_displays_are_stored(attempt: Attempt) -> None:
    """ZeroMQ drops messages that a client is too slow for, if it is not told to let the kernel wait."""
    attempt.max_output_bytes = 10_000_000

    result = attempt.run("for i in range(6_000): display(i)\nprint('end')", timeout_s=300)

    assert result.outcome is Outcome.SUCCESS
    outputs = attempt.saved().cells[0].outputs
    assert [output.get("data", {}).get("text/plain") for output in outputs[:-1]] == [
        str(i) for i in range(6_000)
    ]
    assert outputs[-1].text == "end\n"


@pytest.mark.promise("What a notebook prints is kept, also by threads, by programs, and at its very end.")
def test_all_of_many_lines_are_stored(attempt: Attempt) -> None:
    attempt.max_output_bytes = 10_000_000

    attempt.run("for i in range(200_000): print(i)", timeout_s=300)

    assert attempt.texts()[0] == "".join(f"{i}\n" for i in range(200_000))


@pytest.mark.promise("Of a flood of output, the beginning and the end are kept, and the gap is marked.")
def test_the_end_of_a_flood_is_kept_as_well_as_its_beginning(attempt: Attempt) -> None:
    attempt.run("for i in range(100_000): print(i)\nprint('last')")

    text = attempt.texts()[0]
    assert text.startswith("0\n1\n2\n")
    assert text.endswith("99998\n99999\nlast\n")
    assert "bytes are left out here" in text
    assert 9_000 < len(text) < 11_000


def test_a_flood_is_cut_where_lines_end(attempt: Attempt) -> None:
    attempt.run("for i in range(100_000): print(f'line {i:06d}')")

    lines = [line for line in attempt.texts()[0].splitlines() if line]
    (notice,) = [line for line in lines if not line.startswith("line ")]
    kept = [line for line in lines if line != notice]
    assert {len(line) for line in kept} == {len("line 000000")}
    assert f"{(100_000 - len(kept)) * 12:,} bytes are left out here" in notice


def test_a_flood_without_lines_is_cut_anywhere(attempt: Attempt) -> None:
    attempt.run("print('x' * 100_000 + 'end')")

    text = attempt.texts()[0]
    assert text.startswith("xxx")
    assert text.endswith("xend\n")
    assert 9_000 < len(text) < 11_000


def test_the_end_of_a_flood_of_displays_is_kept(attempt: Attempt) -> None:
    attempt.run("for i in range(1_000): display(i)\nprint('last')")

    outputs = attempt.saved().cells[0].outputs
    shown = [int(output.data["text/plain"]) for output in outputs if "data" in output]
    dropped = 1_000 - len(shown)
    assert shown[0] == 0
    assert shown[-1] == 999
    assert any(f" in {dropped} outputs are left out here" in output.get("text", "") for output in outputs)
    assert outputs[-1].text == "last\n"


def test_a_flood_is_in_memory_no_longer_than_it_is_sent(attempt: Attempt) -> None:
    attempt.run(f"{_MEMORY}for _ in range(200): print('x' * 1_000_000)\nprint()\n{_MEMORY}", timeout_s=300)

    lines = attempt.texts()[0].splitlines()
    assert int(lines[-1]) - int(lines[0]) < 60, "megabytes more than before, after 200 MB"


def test_a_progress_bar_of_many_steps_takes_the_room_of_one_line(attempt: Attempt) -> None:
    attempt.run(
        "for i in range(20_000): print(f'\\r{i} of 20000', end='', flush=i % 100 == 0)\nprint('\\ndone')"
    )

    assert attempt.texts()[0] == "19999 of 20000\ndone\n"


def test_a_display_is_updated_also_after_a_flood(attempt: Attempt) -> None:
    attempt.run(
        "first = display('first', display_id=True)\n"
        "for i in range(1_000): display(i)\n"
        "last = display('last', display_id=True)\n"
        "first.update('new first'); last.update('new last')"
    )

    outputs = attempt.saved().cells[0].outputs
    assert outputs[0].data["text/plain"] == "'new first'"
    assert outputs[-1].data["text/plain"] == "'new last'"


def test_updates_do_not_exceed_the_limit(attempt: Attempt) -> None:
    attempt.run(
        "handles = [display('x', display_id=True) for _ in range(50)]\n"
        "for handle in handles: handle.update('y' * 5_000)"
    )

    assert attempt.folder.notebook.stat().st_size < 40_000


def test_a_cell_keeps_its_last_update_of_many(attempt: Attempt) -> None:
    attempt.run("handle = display(0, display_id=True)\nfor i in range(3_000): handle.update(i)")

    (output,) = attempt.saved().cells[0].outputs
    assert output.data["text/plain"] == "2999"


@pytest.mark.promise("What a notebook prints is kept, also by threads, by programs, and at its very end.")
def test_what_programs_print_is_whole_and_their_log_is_bounded(
    attempt: Attempt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel captures no file descriptors
    attempt.max_output_bytes = 10_000_000
    attempt.run(
        "import subprocess, sys\n"
        "subprocess.run([sys.executable, '-c', 'print(\"é\" * 2_000_001)'], check=True)\n"
        "import time; time.sleep(2)"
    )

    assert attempt.texts()[0] == "é" * 2_000_001 + "\n"
    assert attempt.folder.kernel_log.stat().st_size < 2_000_000


@pytest.mark.promise("What a notebook prints is kept, also by threads, by programs, and at its very end.")
def test_what_a_thread_prints_later_is_stored(attempt: Attempt) -> None:
    attempt.run(
        "import threading, time\n"
        "def later():\n    time.sleep(0.5)\n    print('from the thread')\n"
        "threading.Thread(target=later).start()",
        "print('second')",
    )

    assert "from the thread\n" in "".join(attempt.texts())
