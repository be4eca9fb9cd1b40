from typing import Any

import pytest

from nightbook.github.client import GitHubClient
from nightbook.github.doctor.checks import check_repository
from nightbook.github.doctor.findings import State
from nightbook.github.large_files import MAX_SITE_BYTES
from tests.support.fake_github import FakeGitHub
from tests.support.fake_repository import Repository

URL = "https://github.com/octo/nightly"
RIGHT: dict[str, Any] = {
    "": {"id": 1000, "default_branch": "main", "has_pages": True, "size": 12_000},
    "/actions/permissions": {"enabled": True, "allowed_actions": "all"},
    "/actions/permissions/workflow": {"default_workflow_permissions": "read"},
    "/actions/workflows": {"workflows": [{"path": ".github/workflows/nightly.yml", "state": "active"}]},
    "/pages": {"build_type": "workflow", "html_url": "https://octo.github.io/nightly/"},
    "/actions/variables/NIGHTBOOK_PAGES": {"value": "true"},
    "/actions/permissions/artifact-and-log-retention": {"days": 90, "maximum_allowed_days": 90},
    "/branches/runs": {"name": "runs"},
    "/code-scanning/default-setup": {"state": "configured"},
    "/rules/branches/runs": [{"type": "deletion"}, {"type": "non_fast_forward"}],
}


def findings(github: FakeGitHub, client: GitHubClient, **changes: Any) -> dict[str, tuple[State, str, str]]:
    github.settings = {path: (200, body) for path, body in RIGHT.items()}
    github.settings |= changes.get("answers", {})
    found = check_repository(client, URL, "main", changes.get("keep_files_bytes", 800_000_000))
    return {finding.what: (finding.state, finding.seen, finding.path) for finding in found}


def test_a_repository_that_is_set_up_has_nothing_to_do(github: FakeGitHub, client: GitHubClient) -> None:
    found = findings(github, client)

    assert {state for state, _, _ in found.values()} == {State.OK}
    assert len(found) == 10


@pytest.mark.parametrize(
    ("path", "body", "what", "seen", "click"),
    [
        (
            "",
            {**RIGHT[""], "default_branch": "trunk"},
            "main branch",
            "is trunk, and luigi.cfg says main",
            "luigi.cfg",
        ),
        ("/actions/permissions", {"enabled": False}, "Actions", "they are disabled", "/settings/actions"),
        (
            "/actions/permissions",
            {"enabled": True, "allowed_actions": "local_only"},
            "Actions",
            "other owners are not allowed",
            "/settings/actions",
        ),
        (
            "/actions/permissions/workflow",
            {"default_workflow_permissions": "write"},
            "workflow permissions",
            "can write",
            "Workflow permissions: Read",
        ),
        (
            "/actions/workflows",
            {"workflows": [{"path": ".github/workflows/nightly.yml", "state": "disabled_inactivity"}]},
            "nightly run",
            "its schedule is disabled inactivity",
            "nightly.yml: Enable workflow",
        ),
        ("/actions/workflows", {"workflows": []}, "nightly run", "has not seen nightly.yml", "/actions"),
        ("/pages", {"build_type": "legacy"}, "Pages", "its source is a branch", "Source: GitHub Actions"),
        (
            "/actions/variables/NIGHTBOOK_PAGES",
            {"value": "yes"},
            "variable NIGHTBOOK_PAGES",
            "it is 'yes'",
            "value true",
        ),
        (
            "/actions/permissions/artifact-and-log-retention",
            {"days": 7, "maximum_allowed_days": 90},
            "retention",
            "7 days only",
            "90 days",
        ),
        (
            "/code-scanning/default-setup",
            {"state": "not-configured"},
            "code scanning",
            "CodeQL is not set up",
            "/settings/security_analysis",
        ),
        ("/rules/branches/runs", [], "branch runs", "can delete or overwrite history", "/settings/rules"),
        (
            "/rules/branches/runs",
            [{"type": "deletion"}, {"type": "non_fast_forward"}, {"type": "pull_request"}],
            "branch runs",
            "these rules prevent the workflow from adding records: pull_request",
            "/settings/rules",
        ),
    ],
)
def test_a_wrong_setting_is_reported_with_the_place_to_click(
    github: FakeGitHub, client: GitHubClient, path: str, body: Any, what: str, seen: str, click: str
) -> None:
    state, reported, where = findings(github, client, answers={path: (200, body)})[what]

    assert state is State.TO_DO
    assert seen in reported
    assert click in where


@pytest.mark.parametrize("status", [401, 403, 404])
def test_a_setting_that_the_token_cannot_see_is_never_ok(
    github: FakeGitHub, client: GitHubClient, status: int
) -> None:
    hidden = {path: (status, {"message": "Resource not accessible"}) for path in RIGHT if path}
    found = findings(github, client, answers=hidden)

    ok = {what for what, (state, _, _) in found.items() if state is State.OK}
    assert ok == {"main branch", "size"}
    to_do = {what for what, (state, _, _) in found.items() if state is State.TO_DO}
    assert to_do == ({"variable NIGHTBOOK_PAGES"} if status == 404 else set())


def test_a_site_that_github_says_is_missing_is_to_do(github: FakeGitHub, client: GitHubClient) -> None:
    answers = {"/pages": (404, {"message": "Not Found"}), "": (200, {**RIGHT[""], "has_pages": False})}

    state, seen, _ = findings(github, client, answers=answers)["Pages"]

    assert (state, seen) == (State.TO_DO, "there is no site")


@pytest.mark.parametrize(
    ("keep_files_bytes", "state"), [(MAX_SITE_BYTES, State.OK), (MAX_SITE_BYTES + 1, State.TO_DO)]
)
def test_files_that_pages_cannot_serve_are_to_do(
    github: FakeGitHub, client: GitHubClient, keep_files_bytes: int, state: State
) -> None:
    assert findings(github, client, keep_files_bytes=keep_files_bytes)["size"][0] is state


def test_the_command_counts_the_settings_that_it_could_not_check(
    repository: Repository, github: FakeGitHub
) -> None:
    github.settings = {"": (200, RIGHT[""]), "/actions/workflows": (200, RIGHT["/actions/workflows"])}

    done = repository.run("doctor")

    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert "✓ nightly run: its schedule is active" in lines
    assert "? Pages: GitHub does not show it to this token; look yourself" in lines
    assert (
        "    https://github.com/octo/nightly/settings/pages: Build and deployment: Source: GitHub Actions"
        in lines
    )
    assert lines[-1] == "1 to do, 6 not checked: a token of the repository's owner may see more"


def test_a_repository_that_cannot_be_seen_is_an_error(repository: Repository) -> None:
    done = repository.run("doctor")

    assert done.returncode == 2
    assert "Not Found" in done.stderr
