"""Notebooks with magics are left out of what cannot read them, and named."""

import subprocess
import sys
from pathlib import Path

import pytest

from nightbook.watch.magics import leave_out, with_magics


@pytest.fixture
def notebooks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "notebooks"
    (folder / "deep").mkdir(parents=True)
    (folder / "plain.py").write_text("# %%\nx=1\n")
    (folder / "deep" / "magic.py").write_text(
        "# %%\n%matplotlib inline\n\n# %%\nx=!ls\n\n# %%\n%%bash\nls -l\n"
    )
    (folder / "wrong.py").write_text("# %%\n%matplotlib inline\nx = (\n")
    return folder


def test_only_what_is_python_but_for_its_magics_is_left_out(notebooks: Path) -> None:
    assert with_magics(notebooks) == ["notebooks/deep/magic.py"]


def test_nothing_is_left_out_without_magics() -> None:
    assert leave_out("ruff", []) == []


@pytest.mark.parametrize(
    ("tool", "arguments"), [("ruff", ["format", "--check", "."]), ("mypy", ["notebooks"])]
)
def test_the_tools_accept_the_rest(notebooks: Path, tool: str, arguments: list[str]) -> None:
    (notebooks / "wrong.py").unlink()
    (notebooks / "plain.py").write_text("# %%\nx = 1\n")
    command = [sys.executable, "-m", tool, *arguments]

    options = leave_out(tool, with_magics(notebooks))

    assert subprocess.run(command, capture_output=True, check=False).returncode != 0
    assert subprocess.run([*command, *options], capture_output=True, check=False).returncode == 0


def test_they_are_named(notebooks: Path) -> None:
    (notebooks.parent / "luigi.cfg").touch()

    done = subprocess.run(
        [sys.executable, "-m", "nightbook.watch.magics", "ruff"], capture_output=True, text=True, check=True
    )

    assert done.stdout == "--extend-exclude notebooks/deep/magic.py\n"
    assert done.stderr == "notebooks/deep/magic.py has magics: it is not formatted, nor checked by ruff\n"
