"""An update of a fork: the commands of the guide, on two real repositories."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, copy_repository

GUIDE = REPOSITORY / "docs" / "how-to" / "upgrade-a-fork.md"
ADDRESS = "https://github.com/OWNER/nightbook"
# Examples of files that only a fork has.
ADDED = [
    "tasks/mine.py",
    "site/content/posts/hello.md",
    "site/templates/base.html",
    "apt.txt",
    "data/mine.csv",
]


def git(folder: Path, *arguments: str) -> str:
    author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", *author, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"git {arguments}: {done.stderr}"
    return done.stdout


def files(folder: Path, *pathspecs: str) -> set[str]:
    """The files that git has, or would add."""
    return set(
        git(folder, "ls-files", "--cached", "--others", "--exclude-standard", "--", *pathspecs).splitlines()
    )


def contents(folder: Path, *pathspecs: str) -> dict[str, bytes]:
    return {
        name: (folder / name).read_bytes() for name in files(folder, *pathspecs) if (folder / name).is_file()
    }


def machinery() -> list[str]:
    """The machinery's paths, as git takes them."""
    return (REPOSITORY / "tools" / "machinery-paths.txt").read_text(encoding="utf-8").splitlines()


def yours() -> list[str]:
    """The forker's files and folders, as the guide lists them."""
    (block,) = re.findall(r"```text\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    return str(block).split()


def commands(heading: str) -> str:
    """The first commands of a section of the guide."""
    section = GUIDE.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    found = re.search(r"```sh\n(.*?)```", section, re.DOTALL)
    assert found
    return found[1]


def repository(folder: Path) -> Path:
    """A repository of what is here, with a history of its own."""
    folder.mkdir()
    copy_repository(folder)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    return folder


def commit(folder: Path) -> None:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "Change something")


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template that the fork was made from."""
    return repository(tmp_path / "template")


@pytest.fixture
def fork(tmp_path: Path) -> Path:
    """A fork in which every file of the forker's is edited, and some are added and removed."""
    folder = repository(tmp_path / "fork")
    for name in files(folder, *yours()):
        (folder / name).write_text("mine\n")
    for name in ADDED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine\n")
    (folder / "notebooks" / "new.py").write_text("mine\n")
    (folder / "tests" / "demo" / "test_digits.py").unlink()
    commit(folder)
    return folder


def test_each_file_has_one_owner() -> None:
    of_machinery, of_forker = files(REPOSITORY, *machinery()), files(REPOSITORY, *yours())

    assert files(REPOSITORY) - of_machinery - of_forker == set()
    assert of_machinery & of_forker == set()


def test_an_update_replaces_the_machinery_and_touches_no_file_of_the_forker(
    template: Path, fork: Path
) -> None:
    (template / "nightbook" / "__init__.py").write_text("new\n")
    (template / "nightbook" / "room").mkdir()
    (template / "nightbook" / "room" / "module.py").write_text("new\n")
    (template / "tests" / "pytest.ini").unlink()
    (template / "tasks" / "pipeline.py").write_text("new\n")
    (template / "notebooks" / "new.py").write_text("new\n")
    commit(template)
    (fork / "Makefile").write_text("changed by hand\n")
    commit(fork)
    before = contents(fork, *yours(), *ADDED)

    subprocess.run(
        ["sh", "-ec", commands("Update").replace(ADDRESS, str(template))],
        cwd=fork,
        check=True,
        capture_output=True,
    )

    assert contents(fork, *machinery()) == contents(template, *machinery())
    assert contents(fork, *yours(), *ADDED) == before
    assert set(before.values()) == {b"mine\n"}
    assert set(ADDED) <= set(before)


def test_an_unrelated_history_can_be_merged(template: Path, fork: Path) -> None:
    git(fork, "remote", "add", "template", str(template))
    merge = commands("Update by merging instead")
    made_from = git(template, "rev-parse", "HEAD").strip()
    author = {"GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.org"}
    committer = {"GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.org"}
    before = contents(fork)
    subprocess.run(
        ["sh", "-ec", merge.replace("COMMIT_OF_THE_TEMPLATE", made_from)],
        cwd=fork,
        env={"PATH": "/usr/bin:/bin", **author, **committer},
        check=True,
        capture_output=True,
    )
    assert contents(fork) == before

    (template / "nightbook" / "__init__.py").write_text("new\n")
    commit(template)
    git(fork, "fetch", "--quiet", "template")
    git(fork, "merge", "--quiet", "--no-edit", "template/main")

    assert contents(fork) == {**before, "nightbook/__init__.py": b"new\n"}
