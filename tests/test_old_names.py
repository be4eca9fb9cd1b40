"""Imports by the names of version 0.1, each in a process of its own."""

import subprocess
import sys

import pytest

from tests.support.project import Project

NOTE = (
    "note: tasks.runlog is now nightbook; `nightbook migrate` rewrites your imports; "
    "the old names go with 0.3\n"
)
INSTALL = "from nightbook import old_names\nold_names.install()\n"


def ended(project: Project, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A Python process in a project whose package ``tasks`` installs the old names."""
    (project.path / "tasks").mkdir(exist_ok=True)
    (project.path / "tasks" / "__init__.py").write_text(INSTALL)
    return subprocess.run(
        [sys.executable, *arguments], cwd=project.path, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    ("statements", "is_new"),
    [
        ("from tasks.runlog import logger", "logger.log_metric is nightbook.log_metric"),
        ("from tasks.runlog import logger as log", "log.newest_output is nightbook.newest_output"),
        ("import tasks.runlog.logger", "tasks.runlog.logger.log_text is nightbook.log_text"),
        ("from tasks.runlog.reader import read_run", "read_run is nightbook.read_run"),
        ("from tasks.notebook_task import NotebookTask", "NotebookTask is nightbook.NotebookTask"),
        ("from tasks.pipeline_task import Pipeline", "Pipeline is nightbook.Pipeline"),
        (
            "from tasks.parameters import EnvironmentParameter",
            "EnvironmentParameter is nightbook.EnvironmentParameter",
        ),
    ],
)
def test_an_old_name_is_the_new_module(project: Project, statements: str, is_new: str) -> None:
    done = ended(
        project, "-c", f"import nightbook\n{statements}\nfrom tasks.dag import find_tasks\nprint({is_new})"
    )

    assert (done.stdout, done.stderr) == ("True\n", NOTE)


def test_the_old_command_is_the_new_one(project: Project) -> None:
    done = ended(project, "-m", "tasks", "list")

    assert done.returncode == 0
    assert done.stdout.startswith("no runs in ")
    assert done.stderr == NOTE


def test_a_module_of_the_fork_comes_first(project: Project) -> None:
    assert ended(project, "-c", "import tasks").stderr == ""
    (project.path / "tasks" / "tables.py").write_text("MINE = True\n")

    done = ended(project, "-c", "import tasks.tables\nprint(tasks.tables.MINE)\nimport tasks.nothing")

    assert done.stdout == "True\n"
    assert done.stderr.endswith("ModuleNotFoundError: No module named 'tasks.nothing'\n")
    assert NOTE not in done.stderr
