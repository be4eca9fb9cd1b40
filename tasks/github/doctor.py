"""What a new owner still has to set up, as far as the token lets us see it.

A finding is what GitHub answered; what it did not answer is told as not checked, never as well.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from tasks.github.client import Client
from tasks.github.errors import GitHubError

PAGES_VARIABLE = "NIGHTBOOK_PAGES"
_NIGHTLY = ".github/workflows/nightly.yml"
_HIDDEN = (401, 403, 404)
_NOT_FOUND = 404
_DAYS = 90
_MAX_FILES_MB = 900  # GitHub Pages serves 1 GB, and the pages themselves need some


class State(StrEnum):
    """What is known of one thing that must be set up."""

    OK = "ok"
    TO_DO = "to do"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be set up: what was seen of it and, unless it is well, where to click."""

    what: str
    state: State
    seen: str
    path: str = ""


def examine(client: Client, repository_url: str, main_branch: str, keep_files_mb: float) -> list[Finding]:
    """All findings; GitHubError if the repository itself cannot be seen."""
    repository = client.get("")
    checks: list[Callable[[], Iterator[Finding]]] = [
        lambda: _default_branch(repository, main_branch),
        lambda: _actions(client, repository_url),
        lambda: _permissions(client, repository_url),
        lambda: _nightly(client, repository_url),
        lambda: _pages(client, repository, repository_url),
        lambda: _pages_variable(client, repository_url),
        lambda: _retention(client, repository_url),
        lambda: _archive(client, repository_url),
        lambda: _code_scanning(client, repository_url),
        lambda: _size(repository, keep_files_mb),
    ]
    return [finding for check in checks for finding in check()]


def _default_branch(repository: Any, main_branch: str) -> Iterator[Finding]:
    what, seen = "main branch", f"the default branch is {repository['default_branch']}"
    if repository["default_branch"] == main_branch:
        yield Finding(what, State.OK, seen)
    else:
        yield Finding(
            what, State.TO_DO, f"{seen}, and luigi.cfg says {main_branch}", "luigi.cfg: main_branch"
        )


def _actions(client: Client, url: str) -> Iterator[Finding]:
    what, path = "Actions", f"{url}/settings/actions: Actions permissions"
    found = _ask(client, "/actions/permissions")
    if found is None:
        yield _hidden(what, path)
    elif not found["enabled"]:
        yield Finding(what, State.TO_DO, "they are switched off", path)
    elif found.get("allowed_actions") == "local_only":
        yield Finding(what, State.TO_DO, "actions of other owners are not allowed", path)
    else:
        yield Finding(
            what, State.OK, f"they are on; allowed are {found.get('allowed_actions', 'all')} actions"
        )


def _permissions(client: Client, url: str) -> Iterator[Finding]:
    what, path = "workflow permissions", f"{url}/settings/actions: Workflow permissions: Read"
    found = _ask(client, "/actions/permissions/workflow")
    if found is None:
        yield _hidden(what, path)
    elif found["default_workflow_permissions"] == "read":
        yield Finding(what, State.OK, "a job that names no permissions can only read")
    else:
        yield Finding(what, State.TO_DO, "a job that names no permissions can write", path)


def _nightly(client: Client, url: str) -> Iterator[Finding]:
    what, path = "nightly run", f"{url}/actions/workflows/nightly.yml: Enable workflow"
    found = _ask(client, "/actions/workflows")
    if found is None:
        yield _hidden(what, path)
        return
    states = {each["path"]: each["state"] for each in found["workflows"]}
    state = states.get(_NIGHTLY)
    if state == "active":
        yield Finding(what, State.OK, "its schedule is active")
    elif state is None:
        yield Finding(
            what, State.TO_DO, "GitHub has not seen nightly.yml yet", f"{url}/actions: enable workflows"
        )
    else:
        yield Finding(what, State.TO_DO, f"its schedule is {state.replace('_', ' ')}", path)


def _pages(client: Client, repository: Any, url: str) -> Iterator[Finding]:
    what = "Pages"
    path = f"{url}/settings/pages: Build and deployment: Source: GitHub Actions"
    found = _ask(client, "/pages")
    if found is not None and found.get("build_type") == "workflow":
        yield Finding(what, State.OK, f"GitHub Actions deploys to {found.get('html_url')}")
    elif found is not None:
        yield Finding(what, State.TO_DO, "a branch is the source, so that no workflow can deploy", path)
    elif repository.get("has_pages"):
        yield _hidden(what, path)
    else:
        yield Finding(what, State.TO_DO, "there is no site", path)


def _pages_variable(client: Client, url: str) -> Iterator[Finding]:
    what = f"variable {PAGES_VARIABLE}"
    path = f"{url}/settings/variables/actions: New repository variable: {PAGES_VARIABLE}, value true"
    try:
        value = client.get(f"/actions/variables/{PAGES_VARIABLE}")["value"]
    except GitHubError as error:
        if error.status == _NOT_FOUND:
            yield Finding(
                what, State.TO_DO, "it is not set, or not for this token, and nothing is deployed", path
            )
        elif error.status in _HIDDEN:
            yield _hidden(what, path)
        else:
            raise
        return
    is_on = value == "true"
    yield Finding(what, State.OK if is_on else State.TO_DO, f"it is {value!r:.40}", "" if is_on else path)


def _retention(client: Client, url: str) -> Iterator[Finding]:
    what, path = "retention", f"{url}/settings/actions: Artifact and log retention: {_DAYS} days"
    found = _ask(client, "/actions/permissions/artifact-and-log-retention")
    if found is None:
        yield _hidden(what, path)
    elif found["days"] >= min(_DAYS, found.get("maximum_allowed_days", _DAYS)):
        yield Finding(what, State.OK, f"notebooks and files of a run live for {found['days']} days")
    else:
        yield Finding(
            what, State.TO_DO, f"notebooks and files of a run live for {found['days']} days only", path
        )


def _archive(client: Client, url: str) -> Iterator[Finding]:
    what, path = (
        "branch runs",
        f"{url}/settings/rules: a ruleset for `runs`: restrict deletions, block force pushes",
    )
    branch = _ask(client, "/branches/runs")
    rules = _ask(client, "/rules/branches/runs")
    if branch is None:
        yield Finding(
            what,
            State.NOT_CHECKED,
            "there is none yet, or this token does not see it: the first nightly run makes it",
            path,
        )
        return
    if rules is None:
        yield _hidden(what, path)
        return
    kinds = {rule["type"] for rule in rules}
    blocking = sorted(kinds & {"pull_request", "update", "required_status_checks", "required_signatures"})
    if blocking:
        yield Finding(
            what, State.TO_DO, f"rules keep the workflow from adding records: {', '.join(blocking)}", path
        )
    elif {"deletion", "non_fast_forward"} <= kinds:
        yield Finding(what, State.OK, "it can only grow")
    else:
        yield Finding(what, State.TO_DO, "history can be deleted or overwritten by a push", path)


def _code_scanning(client: Client, url: str) -> Iterator[Finding]:
    what, path = "code scanning", f"{url}/settings/security_analysis: CodeQL analysis: Set up: Default"
    found = _ask(client, "/code-scanning/default-setup")
    if found is None:
        yield _hidden(what, path)
    elif found.get("state") == "configured":
        yield Finding(what, State.OK, "CodeQL looks at every push and pull request")
    else:
        yield Finding(what, State.TO_DO, "CodeQL is not set up", path)


def _size(repository: Any, keep_files_mb: float) -> Iterator[Finding]:
    what, seen = "size", f"the tracker carries at most {keep_files_mb:.0f} MB of files"
    repository_mb = repository.get("size", 0) / 1000
    if keep_files_mb > _MAX_FILES_MB:
        yield Finding(what, State.TO_DO, f"{seen}, and Pages serves 1 GB", "luigi.cfg: keep_files_mb")
    else:
        yield Finding(
            what, State.OK, f"{seen}; the repository has {repository_mb:.0f} MB with all its history"
        )


def _ask(client: Client, path: str) -> Any:
    """The answer; None if GitHub does not show it to this token."""
    try:
        return client.get(path)
    except GitHubError as error:
        if error.status in _HIDDEN:
            return None
        raise


def _hidden(what: str, path: str) -> Finding:
    return Finding(what, State.NOT_CHECKED, "GitHub does not show it to this token; look yourself", path)
