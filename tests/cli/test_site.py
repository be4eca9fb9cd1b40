"""``nightbook site`` with the repository's own site."""

import json
from pathlib import Path

import pytest

from nightbook.record.format.layout import RunFolder
from tests.support.project import REPOSITORY, Project
from tests.support.recording import RUN_ID, record_night

pytestmark = pytest.mark.xdist_group("tracker")
FOLDERS = ("--output", "built", "--cache", "cache")


def build(project: Project, *arguments: str) -> Path:
    """Build the site of the record in ``other``, and return the folder of its pages."""
    record_night(RunFolder(project.path / "other" / RUN_ID), 0.97)
    folders = ("--site", str(REPOSITORY / "site"), *FOLDERS, "--runs", "other")

    done = project.nightbook("site", *arguments, *folders, SITEURL="https://example.org/night")

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == (
        "the tracker is in built: open it with `python -m nightbook serve`, or put it on any web server"
    )
    assert {path.name for path in project.path.iterdir()} == {"luigi.cfg", "other", "built", "cache"}
    return project.path / "built"


def test_the_tracker_of_all_runs_is_built(project: Project) -> None:
    built = build(project)

    [run] = json.loads((built / "api" / "runs.json").read_text())["runs"]
    assert run["run_id"] == RUN_ID
    assert "https://example.org" not in (built / "feeds" / "all.atom.xml").read_text()


def test_a_published_site_knows_its_address(project: Project) -> None:
    built = build(project, "--publish")

    assert "https://example.org/night/runs/" in (built / "feeds" / "all.atom.xml").read_text()


def test_a_site_with_an_error_ends_with_1(project: Project, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "pelicanconf.py").write_text("PLUGINS = ['nothing.here']\n")

    done = project.nightbook("site", *FOLDERS)

    assert done.returncode == 1
    assert "nothing.here" in done.stdout + done.stderr
