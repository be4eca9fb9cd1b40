"""What a process and its children print is kept in a file, whoever is killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nightbook.pipeline.recording.printed_output import printed_to
from tests.support.project import TIMEOUT_S, wait_for

HEAD = """
import os, subprocess, sys, time
from pathlib import Path
from nightbook.pipeline.recording.printed_output import printed_to
file = Path(sys.argv[1])
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "output.log"


def start(file: Path, code: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HEAD + code, str(file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def run(file: Path, code: str) -> str:
    """Run the code in a process of its own, and return what it printed elsewhere than to the file."""
    process = start(file, code)
    output, _ = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, output
    return output


def test_all_streams_are_kept_while_the_context_is_open_and_no_longer(file: Path) -> None:
    outside = run(
        file,
        """
print("before")
with printed_to(file, 1000):
    print("out")
    print("err", file=sys.stderr, flush=True)
    subprocess.run(["echo", "child"])
    os.write(1, b"raw\\n")
print("after")
""",
    )

    assert outside == "before\nafter\n"
    assert sorted(file.read_text().splitlines()) == ["child", "err", "out", "raw"]


def test_a_second_context_adds_to_the_file(file: Path) -> None:
    run(file, "for number in (1, 2):\n    with printed_to(file, 1000):\n        print(number)\n")

    assert file.read_text() == "1\n2\n"


def test_a_flood_is_bounded_and_its_end_is_kept(file: Path) -> None:
    run(file, "with printed_to(file, 1000):\n    for number in range(100_000):\n        print(number)\n")

    text = file.read_text()
    assert text.startswith("0\n1\n")
    assert text.endswith("\n99998\n99999\n")
    assert len(text) < 1200


def test_what_is_printed_by_a_process_that_is_killed_is_kept(file: Path) -> None:
    process = start(
        file, "with printed_to(file, 1000):\n    print('begins', flush=True)\n    time.sleep(600)\n"
    )
    try:
        wait_for(lambda: file.exists() and file.read_text() == "begins\n", "the line", timeout_s=60)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait(TIMEOUT_S)

    assert file.read_text() == "begins\n"


def test_nobody_waits_for_a_process_that_is_left_behind(file: Path) -> None:
    run(
        file,
        "with printed_to(file, 1000):\n    print('ends')\n"
        "    left = subprocess.Popen(['sleep', '600'])\nleft.kill()\n",
    )

    assert file.read_text() == "ends\n"


def test_a_full_disk_stops_nobody(file: Path) -> None:
    file.symlink_to("/dev/full")

    assert run(file, "with printed_to(file, 1000):\n    print('lost')\nprint('goes on')\n") == "goes on\n"


def test_the_streams_are_restored_after_an_exception(file: Path) -> None:
    streams = [os.fstat(number) for number in (1, 2)]

    with pytest.raises(KeyError), printed_to(file, 1000):
        raise KeyError

    assert [os.fstat(number) for number in (1, 2)] == streams
