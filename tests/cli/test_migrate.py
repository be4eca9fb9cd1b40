"""``nightbook migrate``: a fork's own files with the names of version 0.1."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from nightbook.cli.migration.rewriting import rewrite
from nightbook.old_names import NEW_NAMES
from tests.support.project import Project, ended


def migrated(source: str, package: str = "") -> str:
    return rewrite([source], NEW_NAMES, package=package)[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "from tasks.runlog import logger\n\nlogger.log_metric('ä', 1); logger.log_text('b')\n",
            "import nightbook\n\nnightbook.log_metric('ä', 1); nightbook.log_text('b')\n",
        ),
        (
            "from tasks.runlog import logger as log\nx = {'ü': log.newest_output('eda')}\n",
            "import nightbook\nx = {'ü': nightbook.newest_output('eda')}\n",
        ),
        (
            "import tasks.runlog.logger\ntasks.runlog.logger.log_metric('a', 1)\n",
            "import nightbook\nnightbook.log_metric('a', 1)\n",
        ),
        (
            "import tasks.runlog.logger as log\nlog.log_param('a', 1)\n",
            "import nightbook\nnightbook.log_param('a', 1)\n",
        ),
        ("from tasks.runlog.logger import log_metric\n", "from nightbook import log_metric\n"),
        (
            "from tasks.notebook_task import NotebookTask\nfrom tasks.pipeline_task import Pipeline as P #\n",
            "from nightbook import NotebookTask, Pipeline as P\n#\n",
        ),
        (
            "from tasks.runlog.reader import (\n    find_runs,\n    is_readable,\n    read_run as a,\n)\n",
            (
                "from nightbook.record.read.reader import is_readable\n"
                "from nightbook import find_runs, read_run as a\n"
            ),
        ),
        (
            "from tasks import dag, pipeline\nimport os, tasks.settings\ndag.f(tasks.settings.settings())\n",
            (
                "from tasks import pipeline\nfrom nightbook.pipeline.graph import graph as dag\n"
                "import os\nimport nightbook.settings\ndag.f(nightbook.settings.settings())\n"
            ),
        ),
        (
            "def f():\n    from tasks.runlog import gate, logger\n    logger.log_metric('a', gate.x)\n",
            (
                "def f():\n    import nightbook\n    from nightbook.record import gate\n"
                "    nightbook.log_metric('a', gate.x)\n"
            ),
        ),
        (
            "%matplotlib inline\nfrom tasks.runlog import logger\nlogger.log_metric('a', 1)\n",
            "%matplotlib inline\nimport nightbook\nnightbook.log_metric('a', 1)\n",
        ),
    ],
)
def test_imports_and_their_uses(old: str, new: str) -> None:
    assert migrated(old) == new
    assert migrated(new) == new


@pytest.mark.parametrize(
    "use",
    [
        "def log_all(logger):\n    logger.log_metric('a', 1)\n",
        "logger = logger or None\n",
        "def f():\n    global logger\n",
        "for logger in []: pass\n",
        "print(logger)\n",
        "nightbook = 1\n",
    ],
)
def test_a_name_with_another_meaning_is_kept(use: str) -> None:
    assert migrated(f"from tasks.runlog import logger\n{use}") == f"import nightbook as logger\n{use}"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="positions in f-strings are right")
def test_a_use_in_an_f_string_is_kept() -> None:
    use = "f'{logger.log_metric(1)}'\n"
    assert migrated(f"from tasks.runlog import logger\n{use}") == f"import nightbook as logger\n{use}"


@pytest.mark.parametrize(
    "source",
    [
        "from tasks.runlog.logger import *\n",
        "import os; from tasks.runlog import logger\n",
        "from tasks.runlog import (\n    logger,  # of values\n)\n",
        "from tasks.runlog import logger\nif (\n",
        "import tasks.runlog.logger\ntasks = 3\n",
        "from tasks.pipeline import Digits\n",
        "from .notebook_task import NotebookTask\n",  # not in tasks/
        "from ..tasks import dag\n",
    ],
)
def test_what_is_not_understood_stays(source: str) -> None:
    assert migrated(source) == source


def test_relative_imports_in_tasks() -> None:
    old = "from . import dag, pipeline\nfrom .notebook_task import NotebookTask\n"

    assert migrated(old, package="tasks") == (
        "from . import pipeline\nfrom nightbook.pipeline.graph import graph as dag\n"
        "from nightbook import NotebookTask\n"
    )


def test_cells_share_their_names() -> None:
    cells = [
        "from tasks.runlog import logger",
        "logger.log_metric('a', 1)",
        "from tasks.runlog import logger\n!ls",
    ]

    assert rewrite(cells, NEW_NAMES) == ["import nightbook", "nightbook.log_metric('a', 1)", "!ls"]


def test_every_new_name_is_a_module() -> None:
    code = f"import importlib\nfor name in {sorted(set(NEW_NAMES.values()))}: importlib.import_module(name)"
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.fixture
def fork(project: Project) -> Path:
    """A fork's files with old names."""
    files = {
        "tasks/pipeline.py": "from tasks.notebook_task import NotebookTask\n",
        "notebooks/shared/plots.py": 'from tasks.runlog import logger\nNAME = "tasks.runlog.logger"\n',
        "notebooks/.ipynb_checkpoints/old.py": "from tasks.runlog import logger\n",
        "notebooks/work.ipynb": json.dumps(
            {
                "cells": [
                    {"cell_type": "markdown", "metadata": {}, "source": ["from tasks.runlog import logger"]},
                    {
                        "cell_type": "code",
                        "metadata": {},
                        "source": ["from tasks.runlog import logger\n", "1"],
                    },
                    {"cell_type": "code", "metadata": {}, "source": "logger.log_metric('ä', 1)"},
                ],
                "nbformat": 4,
            },
            ensure_ascii=False,
        ),
        "notebooks/broken.ipynb": "{",
        "tests/demo/test_it.py": "x = 1\n",
    }
    for name, text in files.items():
        (project.path / name).parent.mkdir(parents=True, exist_ok=True)
        (project.path / name).write_text(text)
    return project.path


CHANGED = ["tasks/pipeline.py", "notebooks/shared/plots.py", "notebooks/work.ipynb"]


def test_a_fork_is_migrated_once(project: Project, fork: Path) -> None:
    done = project.nightbook("migrate")

    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert [line for line in lines if line.startswith("changed")] == [f"changed: {name}" for name in CHANGED]
    assert 'left: notebooks/shared/plots.py:2: NAME = "tasks.runlog.logger"' in lines
    assert lines[-1] == "3 files changed"
    assert done.stderr.startswith("left: notebooks/broken.ipynb cannot be read: ")
    assert (fork / "tasks/pipeline.py").read_text() == "from nightbook import NotebookTask\n"
    cells = json.loads((fork / "notebooks/work.ipynb").read_text())["cells"]
    assert [cell["source"] for cell in cells] == [
        ["from tasks.runlog import logger"],
        ["import nightbook\n", "1"],
        "nightbook.log_metric('ä', 1)",
    ]
    assert project.nightbook("migrate").stdout.splitlines()[-1] == "0 files changed"


def test_a_check_changes_nothing(project: Project, fork: Path) -> None:
    before = {file: file.read_bytes() for file in fork.rglob("*") if file.is_file()}

    done = project.nightbook("migrate", "--check", "tasks", "notebooks/shared/plots.py")

    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "2 files to change"
    assert {file: file.read_bytes() for file in fork.rglob("*") if file.is_file()} == before


def test_a_module_that_is_still_there_is_not_renamed(project: Project, fork: Path) -> None:
    (fork / "tasks" / "notebook_task.py").touch()

    done = project.nightbook("migrate", "tasks")

    assert done.stdout.splitlines() == [
        "left: tasks/notebook_task.py has the name of an old module: delete it if it is not yours",
        "0 files changed",
    ]


def test_a_folder_without_a_project_is_an_error(tmp_path: Path) -> None:
    done = ended(Project(tmp_path).start("migrate", "--check"))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: there is no luigi.cfg in {tmp_path}")
