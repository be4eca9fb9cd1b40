"""Checks of the branches and of code scanning."""

from typing import Any

from nightbook.github.client import GitHubClient
from nightbook.github.doctor.findings import Finding, Subject, ask

_GROWS_ONLY = {"deletion", "non_fast_forward"}
_BLOCKING = {"pull_request", "update", "required_status_checks", "required_signatures"}


def check_main_branch(repository: Any, main_branch: str) -> Finding:
    """Check that luigi.cfg names the default branch."""
    subject = Subject("main branch", "luigi.cfg: main_branch")
    seen = f"the default branch is {repository['default_branch']}"
    if repository["default_branch"] == main_branch:
        return subject.ok(seen)
    return subject.to_do(f"{seen}, and luigi.cfg says {main_branch}")


def check_archive(client: GitHubClient, url: str) -> Finding:
    """Check that the rules for the branch of records let it grow, and nothing else."""
    subject = Subject(
        "branch runs", f"{url}/settings/rules: a ruleset for `runs`: restrict deletions, block force pushes"
    )
    if ask(client, "/branches/runs") is None:
        return subject.not_checked(
            "this token sees no such branch: it may be hidden, or the first nightly run has yet to make it"
        )
    rules = ask(client, "/rules/branches/runs")
    if rules is None:
        return subject.hidden()
    kinds = {rule["type"] for rule in rules}
    if kinds & _BLOCKING:
        blocking = ", ".join(sorted(kinds & _BLOCKING))
        return subject.to_do(f"these rules prevent the workflow from adding records: {blocking}")
    if kinds >= _GROWS_ONLY:
        return subject.ok("it can only grow")
    return subject.to_do("a push can delete or overwrite history")


def check_code_scanning(client: GitHubClient, url: str) -> Finding:
    """Check that CodeQL is enabled."""
    subject = Subject("code scanning", f"{url}/settings/security_analysis: CodeQL analysis: Set up: Default")
    answer = ask(client, "/code-scanning/default-setup")
    if answer is None:
        return subject.hidden()
    if answer.get("state") == "configured":
        return subject.ok("CodeQL scans every push and pull request")
    return subject.to_do("CodeQL is not set up")
