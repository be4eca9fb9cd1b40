"""The text of a class, wherever it is defined."""

import subprocess
import sys
from pathlib import Path

import pytest

CLASS = "class Work:\n    size = 1\n"
SHOW = """\
from nightbook.pipeline.code.class_source import *
{code}
print(source_name(Work))
print(source_text(Work))
"""


def shown(*arguments: str, folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_class_in_the_file_that_is_run(tmp_path: Path) -> None:
    (tmp_path / "pipe.py").write_text(SHOW.format(code=CLASS))

    assert shown(str(tmp_path / "pipe.py"), folder=tmp_path) == f"pipe.py:Work\n{CLASS}\n"


def test_a_class_in_a_module_below_the_folder(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pipe.py").write_text(CLASS)

    found = shown("-c", SHOW.format(code="from mine.pipe import Work"), folder=tmp_path)

    assert found == f"mine/pipe.py:Work\n{CLASS}\n"


@pytest.mark.parametrize(
    "code",
    [CLASS, f"exec({CLASS!r})", "Work = type('Work', (), {})"],
    ids=["typed", "executed", "made by a call"],
)
def test_a_class_that_is_in_no_file(tmp_path: Path, code: str) -> None:
    found = shown("-c", SHOW.format(code=code), folder=tmp_path)

    assert found == "__main__:Work\n# the source of Work is in no file\n\n"
