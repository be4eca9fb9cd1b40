"""The package as others install it: one wheel, in an environment and a folder with nothing else."""

import os
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from nightbook.record.read.reader import find_runs, read_run
from tests.support.project import REPOSITORY

UV = Path(sys.executable).with_name("uv")
FILES = {
    "luigi.cfg": """
        [nightbook]
        pipeline = pipe:Root
    """,
    "pipe.py": """
        from nightbook import NotebookTask, Pipeline

        class Work(NotebookTask):
            timeout_s = 300

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Work)]
    """,
    "notebooks/work.py": """
        # %% tags=["parameters"]
        import nightbook

        # %%
        nightbook.log_metric("answer", 42)
    """,
    "site/pelicanconf.py": """
        from nightbook.tracker.pelican_settings import *

        SITENAME = "Elsewhere"
        LINKS = []
    """,
    "site/content/pages/about.md": """
        Title: About

        A pipeline of one notebook.
    """,
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(UV, "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "--out-dir", folder)
    [built] = folder.glob("*.whl")
    return built


def run(*command: str | Path, cwd: Path = REPOSITORY / "nightbook") -> str:
    """What the command prints; AssertionError, with its errors, if it fails."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return done.stdout


def test_the_wheel_holds_every_file_of_the_package(wheel: Path) -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY / "nightbook", capture_output=True, text=True, check=True
    )
    package = {f"nightbook/{name}" for name in listed.stdout.split("\n") if name} - {
        "nightbook/pyproject.toml"
    }

    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert packed == package
    assert {"nightbook/py.typed", "nightbook/tracker/theme/templates/base.html"} <= packed


@pytest.mark.skipif("NIGHTBOOK_OFFLINE" in os.environ, reason="installs packages from the index")
def test_the_wheel_alone_runs_a_pipeline_and_builds_its_site(wheel: Path, tmp_path: Path) -> None:
    locked, empty, folder = tmp_path / "locked.txt", tmp_path / "empty", tmp_path / "elsewhere"
    export = ("--frozen", "--quiet", "--no-header", "--no-emit-workspace", "--package", "nightbook")
    run(UV, "export", *export, "--no-default-groups", "--output-file", locked, cwd=REPOSITORY)
    run(UV, "venv", "--quiet", "--python", sys.executable, empty)
    install = (UV, "pip", "install", "--quiet", "--python", empty / "bin" / "python")
    run(*install, "--require-hashes", "--requirement", locked)
    run(*install, "--no-deps", wheel)
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(textwrap.dedent(text).lstrip())

    run(empty / "bin" / "nightbook", "run", cwd=folder)
    run(empty / "bin" / "pelican", "--settings", "site/pelicanconf.py", "--fatal", "warnings", cwd=folder)

    [record] = find_runs(folder / "runs")
    recorded = read_run(record)
    assert recorded.outcome is Outcome.SUCCESS
    assert recorded.task("work").metrics == {"answer": 42}
    assert "Elsewhere" in (folder / "site" / "output" / "runs" / record.name / "index.html").read_text()
