"""What a forker does: delete the demo, and find the machinery whole."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import copy_repository

PYTEST = [sys.executable, "-m", "pytest", "-c", "tests/pytest.ini", "-q", "-p", "no:cacheprovider", "-n0"]


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """The repository without the demo's notebooks, tests and pipeline."""
    copy_repository(tmp_path, without=("notebooks/", "tests/demo/", "tasks/"))
    (tmp_path / "tasks").mkdir()
    (tmp_path / "tasks" / "pipeline.py").write_text('"""Mine, soon."""\n')
    return tmp_path


def test_the_machinerys_tests_pass_without_the_demo(fork: Path) -> None:
    """All are collected; those that take seconds are run, the rest runs in this very session."""
    quick = ["tests/record/format"]
    whole = ["tests/end_to_end/test_runs.py", "-k", "luigis_own_command"]
    for arguments in (["--collect-only", "tests"], quick, whole):
        done = subprocess.run(
            [*PYTEST, *arguments],
            cwd=fork,
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(fork), "HOME": str(fork)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_no_machinery_file_knows_the_demo(fork: Path) -> None:
    files = [*fork.glob("nightbook/**/*.py"), *fork.glob("benchmarks/*.py")]
    demo = re.compile(r"mnist|\bDigits\b|handwrit|[Tt]rain.?[Mm]odel|nr_train_images|[Ii]ngest")

    told = [
        (file.name, line) for file in files for line in file.read_text().splitlines() if demo.search(line)
    ]

    assert told == []
