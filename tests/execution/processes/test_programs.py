"""The programs of the environment come first, for every kind of task."""

import os
import shutil
import sys
from pathlib import Path

import pytest

from nightbook.execution.notebook.kernels import kernel_environment
from nightbook.execution.processes.programs import program_path
from tests.execution.test_function import Attempted
from tests.support.attempts import Attempt

OWN = str(Path(sys.executable).parent)


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that is not activated."""
    others = [folder for folder in os.environ["PATH"].split(os.pathsep) if folder != OWN]
    monkeypatch.setenv("PATH", os.pathsep.join(others))


def test_the_folder_is_named_once() -> None:
    assert program_path({"PATH": f"/a:{OWN}:/b"}) == {"PATH": f"{OWN}:/a:/b"}
    assert program_path({})["PATH"].startswith(f"{OWN}:")


def test_a_variable_of_the_settings_is_kept() -> None:
    assert kernel_environment({"PATH": "/mine"}, 1)["PATH"] == "/mine"


@pytest.mark.usefixtures("elsewhere")
def test_a_notebook_finds_them(tmp_path: Path, kernels: str) -> None:  # noqa: ARG001 both kinds of kernel
    attempt = Attempt(tmp_path)
    attempt.run("!command -v python", "%%bash\ncommand -v python")

    assert [text.strip() for text in attempt.texts()] == [f"{OWN}/python"] * 2


@pytest.mark.usefixtures("elsewhere")
def test_a_function_finds_them(tmp_path: Path) -> None:
    attempted = Attempted(tmp_path)
    attempted.make(lambda *_: print(shutil.which("python")))

    assert attempted.log == f"{OWN}/python\n"
