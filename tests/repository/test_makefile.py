"""The Makefile says what to do next, and reports all that is wrong at once."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY

UV = Path(sys.executable).with_name("uv")
PROJECT = (
    '[project]\nname = "digits"\nversion = "1"\nrequires-python = ">=3.11"\n[dependency-groups]\ndev = []\n'
)


def make(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Call make in the folder, without the variables of a make that runs the tests."""
    return subprocess.run(
        ["make", "VENV=environment", f"PYTHON={sys.executable}", "NODE_PACKAGES=", *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "UV_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def program(file: Path, script: str) -> None:
    """Write a program that takes the place of a tool."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without packages, whose lock is up to date; uv is there, and nothing has to be installed."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    for name in ("nightbook/pyproject.toml", "requirements/setup.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    program(tmp_path / "environment" / "bin" / "python", "exit 0")
    (tmp_path / "environment" / "bin" / "uv").symlink_to(UV)
    assert make(tmp_path, "lock").returncode == 0
    return tmp_path


@pytest.mark.promise("A lock file that does not fit is refused, not repaired.")
@pytest.mark.parametrize("target", ["setup", "run"])
def test_an_outdated_lock_is_answered_with_the_target_that_locks(project: Path, target: str) -> None:
    program(project / "environment" / "bin" / "nightbook", 'echo "ran: $*"')
    (project / "pyproject.toml").write_text(PROJECT.replace("digits", "mine"))

    done = make(project, target)

    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "error: uv.lock does not fit pyproject.toml: run `make lock`"
    assert "uv lock" not in done.stderr
    assert make(project, "lock").returncode == 0
    done = make(project, target)
    assert done.returncode == 0, done.stderr
    assert ("ran: run" in done.stdout) == (target == "run")


def test_other_errors_of_uv_are_shown_as_they_are(project: Path) -> None:
    (project / "pyproject.toml").write_text("[project\n")

    done = make(project, "setup")

    assert done.returncode == 2
    assert "TOML parse error" in done.stderr
    assert "make lock" not in done.stderr


def test_all_checks_run_and_those_that_failed_are_listed_at_the_end(tmp_path: Path) -> None:
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    tools = tmp_path / "environment" / "bin"
    for name in ("ruff", "mypy", "lint-imports", "zizmor", "actionlint", "check-jsonschema"):
        program(tools / name, 'case "$*" in *format*|*nightbook*) echo "wrong: $*"; exit 1;; esac')
    (tools.parent / ".ready").touch()

    done = make(tmp_path, "--assume-old=environment/.ready", "check")

    assert done.returncode == 2
    assert "environment/bin/check-jsonschema" in done.stdout.splitlines()[-1]  # the last tool of all
    assert done.stderr.splitlines()[:-1] == [
        "error: these checks failed:",
        "  environment/bin/ruff format --check .",
        "  environment/bin/mypy --config-file nightbook/pyproject.toml",
        "  environment/bin/lint-imports --config nightbook/pyproject.toml",
    ]

    program(tools / "ruff", "exit 0")
    program(tools / "mypy", "exit 0")
    program(tools / "lint-imports", "exit 0")
    done = make(tmp_path, "--assume-old=environment/.ready", "check")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "all checks passed"
