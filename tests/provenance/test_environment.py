"""The origin of a run, according to git, an image and GitHub."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from nightbook.git import Git
from nightbook.provenance.checkout import Checkout, find_checkout
from nightbook.provenance.environment import find_provenance
from nightbook.record.format.errors import NightbookError
from tests.support.project import REPOSITORY

IN_IMAGE = {
    "revision": "ab" * 20,
    "branch": "main",
    "repository_url": "https://example.org/mira/pipeline",
    "author": "",
    "dirty": True,
}
ON_GITHUB = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_ACTOR": "mira",
    "GITHUB_REPOSITORY": "mira/pipeline",
    "GITHUB_SERVER_URL": "https://github.example.org",
    "GITHUB_RUN_ID": "77",
    "GITHUB_SHA": "cd" * 20,
    "GITHUB_HEAD_REF": "more-images",
    "GITHUB_REF_NAME": "12/merge",
    "GITHUB_REF": "refs/pull/12/merge",
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for command in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["config", "user.name", "Mira"],
        ["config", "user.email", "mira@example.org"],
        ["config", "remote.origin.url", "https://mira:secret@example.org/mira/pipeline"],
        ["commit", "--quiet", "--allow-empty", "--message", "Begin"],
    ):
        Git(tmp_path)(*command)
    return tmp_path


@pytest.mark.promise("A password in the address of the repository is not recorded.")
def test_a_checkout_says_its_commit_and_never_its_password(checkout: Path) -> None:
    found = find_provenance(checkout, {})

    assert len(found.revision) == 40
    assert (found.trigger, found.actor, found.branch, found.dirty) == ("local", "Mira", "main", False)
    assert found.repository_url == "https://example.org/mira/pipeline"


def test_a_file_that_is_not_committed_makes_it_dirty(checkout: Path) -> None:
    (checkout / "new.py").touch()

    assert find_checkout(checkout).dirty


def test_an_image_has_the_answers_that_its_build_got_from_git(
    checkout: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    (checkout / "README.md").touch()
    (checkout / "tasks").mkdir()
    command = [sys.executable, "-m", "nightbook.provenance.checkout", "tasks"]
    environment = {"PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin"}
    printed = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, check=True).stdout
    image = tmp_path_factory.mktemp("image")
    (image / "checkout.json").write_bytes(printed)

    assert find_checkout(image) == replace(find_checkout(checkout), dirty=False)


def test_a_folder_without_a_checkout_is_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = find_provenance(tmp_path, {})

    assert capsys.readouterr().err == ""

    assert (found.revision, found.branch, found.repository_url, found.dirty) == ("", "", "", False)


def test_a_checkout_of_another_user_is_noted_with_what_to_do(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")  # git's own
    for scope in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"GIT_CONFIG_{scope}", os.devnull)

    assert find_checkout(checkout) == Checkout()
    (note,) = capsys.readouterr().err.splitlines()
    assert note.startswith("note: the run does not say its commit: ")
    assert note.endswith(f"git config --global --add safe.directory {checkout}")


@pytest.mark.parametrize("text", ["{", "[]", '{"commit": 1}'])
def test_a_broken_file_in_an_image_is_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "checkout.json").write_text(text)

    with pytest.raises(NightbookError, match=r"checkout\.json cannot be read .* build the image again"):
        find_checkout(tmp_path)


def test_githubs_variables_take_precedence(tmp_path: Path) -> None:
    (tmp_path / "checkout.json").write_text(json.dumps(IN_IMAGE))

    found = find_provenance(tmp_path, ON_GITHUB)

    assert (found.trigger, found.actor, found.pull_request) == ("pull_request", "mira", "12")
    assert (found.revision, found.branch) == ("cd" * 20, "more-images")
    assert found.repository_url == "https://github.example.org/mira/pipeline"
    assert found.ci_run_url == "https://github.example.org/mira/pipeline/actions/runs/77"


def test_empty_variables_count_as_unset(tmp_path: Path) -> None:
    (tmp_path / "checkout.json").write_text(json.dumps(IN_IMAGE))

    found = find_provenance(tmp_path, dict.fromkeys(ON_GITHUB, ""))

    assert (found.trigger, found.revision, found.branch) == ("local", "ab" * 20, "main")
    assert found.repository_url == "https://example.org/mira/pipeline"
    assert found.ci_run_url == ""
