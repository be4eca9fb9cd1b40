"""The containers' entry point, as a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

OWNER, GROUP = 54321, 54322


def enter(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    entry = [sys.executable, "-m", "nightbook.cli.container", *command]
    return subprocess.run(entry, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_becomes_the_owner_of_runs(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()
    try:
        os.chown(tmp_path / "runs", OWNER, GROUP)
    except PermissionError:
        pytest.skip("this root, in a container perhaps, cannot give files away")

    done = enter(tmp_path, "sh", "-c", "id -u; id -G; exit 3")

    assert (done.returncode, done.stdout) == (3, f"{OWNER}\n{GROUP}\n")


def test_a_command_that_is_not_there(tmp_path: Path) -> None:
    (tmp_path / "runs").mkdir()

    done = enter(tmp_path, "no-such-command")

    assert done.returncode == 127
    assert done.stderr.startswith("error: the container has no such command: ['no-such-command'] (")
