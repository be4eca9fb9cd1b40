"""Whether the branches are what the settings say, and who looks at the code."""

from typing import Any

from nightbook.github.client import Client
from nightbook.github.doctor.findings import Finding, Subject, ask

_GROWS_ONLY = {"deletion", "non_fast_forward"}
_BLOCKING = {"pull_request", "update", "required_status_checks", "required_signatures"}


def examine_main_branch(repository: Any, main_branch: str) -> Finding:
    """Whether luigi.cfg names the default branch."""
    subject = Subject("main branch", "luigi.cfg: main_branch")
    seen = f"the default branch is {repository['default_branch']}"
    if repository["default_branch"] == main_branch:
        return subject.well(seen)
    return subject.to_do(f"{seen}, and luigi.cfg says {main_branch}")


def examine_archive(client: Client, url: str) -> Finding:
    """Whether rules let the branch of records grow, and nothing else."""
    subject = Subject(
        "branch runs", f"{url}/settings/rules: a ruleset for `runs`: restrict deletions, block force pushes"
    )
    if ask(client, "/branches/runs") is None:
        return subject.not_checked(
            "there is none yet, or this token does not see it: the first nightly run makes it"
        )
    rules = ask(client, "/rules/branches/runs")
    if rules is None:
        return subject.hidden()
    kinds = {rule["type"] for rule in rules}
    if kinds & _BLOCKING:
        blocking = ", ".join(sorted(kinds & _BLOCKING))
        return subject.to_do(f"rules keep the workflow from adding records: {blocking}")
    if kinds >= _GROWS_ONLY:
        return subject.well("it can only grow")
    return subject.to_do("history can be deleted or overwritten by a push")


def examine_code_scanning(client: Client, url: str) -> Finding:
    """Whether CodeQL is on."""
    subject = Subject("code scanning", f"{url}/settings/security_analysis: CodeQL analysis: Set up: Default")
    found = ask(client, "/code-scanning/default-setup")
    if found is None:
        return subject.hidden()
    if found.get("state") == "configured":
        return subject.well("CodeQL looks at every push and pull request")
    return subject.to_do("CodeQL is not set up")
