"""Which repository is meant: that of the options, of GitHub's variables, or of the checkout."""

from pathlib import Path

import pytest

from nightbook.git import Git
from nightbook.github.connection import Connection, find_connection
from nightbook.github.errors import GitHubError

ON_GITHUB = {"GITHUB_REPOSITORY": "octo/nightly", "GITHUB_REPOSITORY_ID": "1000", "GITHUB_RUN_ID": "7"}


def find(environment: dict[str, str], repository: str | None = None) -> Connection:
    return find_connection(environment, repository=repository, api_url=None, remote=None)


def test_github_names_the_repository_and_the_current_workflow_run() -> None:
    found = find(ON_GITHUB)

    assert (found.repository, found.repository_id, found.current_run_id) == ("octo/nightly", 1000, 7)
    assert found.remote == "https://github.com/octo/nightly.git"


def test_another_repository_has_neither_the_id_nor_the_workflow_run_of_this_one() -> None:
    found = find(ON_GITHUB, repository="mira/pipeline")

    assert (found.repository, found.repository_id, found.current_run_id) == ("mira/pipeline", 0, 0)


@pytest.mark.parametrize(
    "url", ["git@github.com:mira/pipeline.git", "https://github.com/mira/pipeline", "ssh://h/mira/pipeline/"]
)
def test_a_checkout_names_the_repository_that_it_was_cloned_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    Git(tmp_path)("init", "--quiet")
    Git(tmp_path)("config", "remote.origin.url", url)
    monkeypatch.chdir(tmp_path)

    assert find({}).repository == "mira/pipeline"


@pytest.mark.parametrize("path", ["/usr/bin:/bin", ""])  # with git and without
def test_without_a_checkout_the_option_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", path)

    with pytest.raises(GitHubError, match="'' is not a repository: name one by --repository OWNER/NAME"):
        find({})


@pytest.mark.promise("A token is in no file, on no command line and in no message.")
def test_a_token_is_not_shown() -> None:
    assert "ghs_secret" not in repr(find({**ON_GITHUB, "GITHUB_TOKEN": "ghs_secret"}))
