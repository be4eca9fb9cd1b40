"""The pull request of a workflow run, by its branch, its repository and its commit."""

import pytest

from nightbook.github.client import GitHubClient
from nightbook.github.pull_requests import find_pull_request
from tests.github.test_trust import RUN
from tests.support.fake_github import FakeGitHub


def number(client: GitHubClient, *, only_current: bool) -> int | None:
    found = find_pull_request(client, RUN, only_current=only_current)
    return found.number if found else None


@pytest.mark.parametrize("only_current", [True, False])
def test_a_branch_of_the_same_name_in_a_fork_is_another_one(
    github: FakeGitHub, client: GitHubClient, *, only_current: bool
) -> None:
    github.add_pull(11, "main", fork=True)
    assert number(client, only_current=only_current) is None

    github.add_pull(12, "main")
    github.add_pull(13, "other")
    assert number(client, only_current=only_current) == 12


def test_a_pull_request_with_newer_commits_or_closed_is_not_current(
    github: FakeGitHub, client: GitHubClient
) -> None:
    github.add_pull(11, "main")
    github.pulls[0]["state"] = "closed"
    github.add_pull(12, "main", sha="cd" * 20)

    assert number(client, only_current=True) is None
    assert number(client, only_current=False) == 12
