"""The tutorial on adding a notebook, carried out on a copy of the repository."""

import re
import subprocess
import sys
from configparser import RawConfigParser
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, Project, copy_repository

pytestmark = pytest.mark.xdist_group("tutorial")  # all use the same two copies

TUTORIAL = (REPOSITORY / "docs" / "tutorial" / "add-a-notebook.md").read_text(encoding="utf-8")
ADDED, _, YOURS = TUTORIAL.partition("## Make the repository yours\n")
CHECKS = [
    ["ruff", "check", "."],
    ["ruff", "format", "--check", "."],
    ["mypy"],
    ["lint-imports", "--config", "nightbook/pyproject.toml"],
]
DEMO = re.compile(r"digits|handwrit|nr_train_images|train.model|benchmark_pipeline|onnx", re.IGNORECASE)


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def copy(folder: Path) -> Path:
    """A repository in which every file is committed."""
    copy_repository(folder, without=("docs/",))
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    for arguments in (["init"], ["add", "--all", "--force", "."], [*author, "commit", "--message", "Begin"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def with_notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo with the tutorial's notebook, its task, and the pipeline that requires it."""
    folder = copy(tmp_path_factory.mktemp("added"))
    notebook, task, requires = blocks(ADDED, "python")
    (folder / "notebooks" / "dark-pixels.py").write_text(notebook)
    file = folder / "tasks" / "pipeline.py"
    others, head, root = file.read_text().partition("class Digits(Pipeline):\n")
    docstring_and_parameters = root.partition("    def requires(self)")[0]
    file.write_text(f"{others}{task}\n\n{head}{docstring_and_parameters}{requires}")
    return folder


@pytest.fixture(scope="module")
def without_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A forker's repository: the demo deleted, a first notebook, and every edit that the table asks for.

    The lock is left as it is: making another needs the package index.
    """
    folder = copy(tmp_path_factory.mktemp("forker"))
    (delete,) = blocks(YOURS, "sh")
    subprocess.run(["sh", "-ec", delete], cwd=folder, check=True)
    notebook, pipeline = blocks(YOURS, "python")
    (folder / "notebooks").mkdir(exist_ok=True)
    (folder / "notebooks" / "hello.py").write_text(notebook)
    (folder / "tasks" / "pipeline.py").write_text(pipeline)
    edit_settings(folder / "luigi.cfg")
    edit_project(folder / "pyproject.toml")
    for name in ("README.md", "LICENSE", "site/content/pages/about.md"):
        (folder / name).write_text("Title: Mine\n\nMine.\n")
    return folder


def edit_settings(file: Path) -> None:
    settings = RawConfigParser()
    settings.read(file)
    (pipeline,) = re.findall(r"`pipeline = (\S+)`", YOURS)
    settings.set("nightbook", "pipeline", pipeline)
    assert settings.remove_option("nightbook", "metrics")
    assert settings.remove_option("kernel", "environment")
    assert settings.remove_section("benchmarks")
    with file.open("w") as stream:
        settings.write(stream)


def edit_project(file: Path) -> None:
    text = file.read_text()
    text = re.sub(r'^(name|description) = ".*"$', r'\1 = "mine"', text, flags=re.MULTILINE)
    file.write_text(re.sub(r"^notebooks = \[.*?^\]", "notebooks = []", text, flags=re.MULTILINE | re.DOTALL))


def check(folder: Path, command: list[str]) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name(command[0]), *command[1:]],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("command", CHECKS, ids=" ".join)
def test_the_added_notebook_and_task_pass_the_checks(with_notebook: Path, command: list[str]) -> None:
    check(with_notebook, command)


@pytest.mark.parametrize("command", CHECKS, ids=" ".join)
def test_a_repository_without_the_demo_passes_the_checks(without_demo: Path, command: list[str]) -> None:
    check(without_demo, command)


def test_the_table_names_each_file_that_mentions_the_demo() -> None:
    named = set(re.findall(r"`([\w./]+)`", "".join(re.findall(r"^\| (`.*?) \|", YOURS, re.MULTILINE))))
    machinery = (REPOSITORY / "tools" / "machinery-paths.txt").read_text().splitlines()
    listed = subprocess.run(
        ["git", "ls-files", "--", ".", ":!notebooks", ":!tests/demo", ":!tasks"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    of_machinery = subprocess.run(
        ["git", "ls-files", "--", *machinery], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout.splitlines()

    mentioning = {
        name for name in {*listed} - {*of_machinery} if DEMO.search((REPOSITORY / name).read_text("utf-8"))
    }

    assert mentioning <= named
    assert all((REPOSITORY / name).is_file() for name in named)


def test_a_repository_without_the_demo_runs_its_own_pipeline(without_demo: Path) -> None:
    for name in ("luigi.cfg", "pyproject.toml"):
        assert DEMO.findall((without_demo / name).read_text()) == []

    project = Project(without_demo)
    done = project.nightbook("run", PYTHONPATH=str(without_demo))

    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    assert [task.task_id for task in run.tasks] == ["hello/who=world"]
    assert (
        project.runs[-1] / "tasks/hello/who=world/attempt-01/artifacts/hello.txt"
    ).read_text() == "Hello, world!"
