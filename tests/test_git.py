"""Git's answers, its failures, and that only one module starts it."""

import ast
from pathlib import Path

import pytest

from nightbook.git import Git, GitError
from tests.support.project import REPOSITORY


@pytest.fixture
def git(tmp_path: Path) -> Git:
    git = Git(tmp_path)
    git("init", "--quiet", "--initial-branch", "main")
    return git


def test_an_answer_is_text_without_white_space_around_it(git: Git) -> None:
    assert git("branch", "--show-current") == "main"


def test_a_failure_names_the_command_the_folder_and_gits_reason(git: Git) -> None:
    with pytest.raises(GitError, match=r"git rev-parse failed in .*: fatal: Needed a single revision"):
        git("rev-parse", "--verify", "nothing")


def test_an_attempt_returns_a_failure_as_a_result(git: Git) -> None:
    result = git.attempt("rev-parse", "--verify", "nothing")

    assert (result.exit_code, result.output) == (128, "")
    assert "Needed a single revision" in result.errors


def test_settings_hold_for_these_commands_alone(git: Git) -> None:
    asked = Git(git.folder, {"user.name": "Mira", "user.email": "mira@example.org"})

    assert (asked("config", "user.name"), asked("config", "user.email")) == ("Mira", "mira@example.org")
    assert "Mira" not in (git.folder / ".git" / "config").read_text()
    assert "Mira" not in repr(asked)


def test_the_language_of_the_user_changes_no_message(git: Git, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    asked = Git(git.folder, {"alias.variables": "!env"})

    assert "LC_ALL=C" in asked("variables").splitlines()


def test_a_command_that_hangs_is_an_error(git: Git) -> None:
    impatient = Git(git.folder, {"alias.hang": "!exec sleep 60"}, timeout_s=0.2)

    with pytest.raises(GitError, match=r"git hang in .* did not end within 0.2 s"):
        impatient("hang")


def test_a_machine_without_git_is_an_error(git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(GitError, match=r"git cannot be started .*: is it installed\?"):
        git("status")


def test_no_other_module_starts_git() -> None:
    starting = {
        str(file.relative_to(REPOSITORY))
        for file in (REPOSITORY / "nightbook").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.List) and node.elts and isinstance(node.elts[0], ast.Constant)
        if node.elts[0].value == "git"
    }

    assert starting == {"nightbook/git.py"}
