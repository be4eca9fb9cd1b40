"""The plan of the house: every module stands in a room, and every file has one owner."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, copy_repository

LINT = [Path(sys.executable).with_name("lint-imports"), "--config", "nightbook/pyproject.toml", "--no-cache"]
DOT_ENTRIES = {".ci", ".devcontainer", ".dockerignore", ".github", ".gitignore", ".jupyter", ".vscode"}


def tracked(*patterns: str) -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", *patterns], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    return listed.stdout.splitlines()


@pytest.mark.parametrize(
    ("module", "text", "complaint"),
    [
        ("nightbook/attic.py", '"""A module in no room."""\n', "nightbook.attic"),
        ("nightbook/record/attic.py", '"""A module on no floor of its room."""\n', "nightbook.record.attic"),
        ("nightbook/record/read/luigis.py", "import luigi\n", "nightbook.record.read.luigis -> luigi"),
        (
            "nightbook/tracker/data/up.py",
            "import nightbook.pipeline.graph.graph\n",
            "nightbook.tracker.data.up",
        ),
        ("nightbook/pipeline/down.py", "import nightbook.tracker.output.urls\n", "nightbook.pipeline.down"),
        ("nightbook/record/measured.py", "import benchmarks.measure\n", "nightbook.record.measured"),
    ],
)
def test_a_module_in_the_wrong_place_is_an_error(
    module: str, text: str, complaint: str, tmp_path: Path
) -> None:
    copy_repository(tmp_path, without=("tests/", "docs/", "site/"))
    (tmp_path / module).write_text(text)

    done = subprocess.run(LINT, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert complaint in done.stdout


def test_few_files_lie_loose_in_the_package() -> None:
    loose = [name for name in tracked("nightbook/*") if name.count("/") == 1]

    assert len(loose) <= 8, loose


def test_every_hidden_file_and_folder_is_known() -> None:
    hidden = {name.split("/")[0] for name in tracked() if name.startswith(".")}
    inside = {name for name in tracked() for part in name.split("/")[1:] if part.startswith(".")}

    assert hidden == DOT_ENTRIES
    assert {name for name in inside if not name.startswith(".")} == {"runs/.gitkeep"}


def test_the_forkers_folders_hold_nothing_of_the_machinery() -> None:
    """Whose a file is, its first lines say; folders that are the forker's need no words."""
    for name in (
        "pyproject.toml",
        "luigi.cfg",
        "apt.txt",
        "docker-compose.override.yml",
        "tasks/pipeline.py",
    ):
        assert "YOURS" in (REPOSITORY / name).read_text(encoding="utf-8")[:200], name
    assert {Path(name).suffix for name in tracked("site")} <= {".py", ".md", ".html", ".png", ".jpg", ".svg"}
