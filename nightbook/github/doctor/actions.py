"""Checks of GitHub Actions: permissions, the nightly schedule, and how long artifacts are kept."""

from nightbook.github.client import GitHubClient
from nightbook.github.doctor.findings import Finding, Subject, ask

_NIGHTLY = ".github/workflows/nightly.yml"
_DAYS = 90


def check_actions(client: GitHubClient, url: str) -> Finding:
    """Check that workflows are enabled, and may use actions of other owners."""
    subject = Subject("Actions", f"{url}/settings/actions: Actions permissions")
    answer = ask(client, "/actions/permissions")
    if answer is None:
        return subject.hidden()
    if not answer["enabled"]:
        return subject.to_do("they are disabled")
    if answer.get("allowed_actions") == "local_only":
        return subject.to_do("actions of other owners are not allowed")
    return subject.ok(f"they are on; allowed are {answer.get('allowed_actions', 'all')} actions")


def check_permissions(client: GitHubClient, url: str) -> Finding:
    """Check that a job has no permissions but those that it names."""
    subject = Subject("workflow permissions", f"{url}/settings/actions: Workflow permissions: Read")
    answer = ask(client, "/actions/permissions/workflow")
    if answer is None:
        return subject.hidden()
    if answer["default_workflow_permissions"] == "read":
        return subject.ok("a job that names no permissions can only read")
    return subject.to_do("a job that names no permissions can write")


def check_nightly_run(client: GitHubClient, url: str) -> Finding:
    """Check that GitHub knows the schedule and has not disabled it."""
    subject = Subject("nightly run", f"{url}/actions/workflows/nightly.yml: Enable workflow")
    answer = ask(client, "/actions/workflows")
    if answer is None:
        return subject.hidden()
    state = {workflow["path"]: workflow["state"] for workflow in answer["workflows"]}.get(_NIGHTLY)
    if state is None:
        unknown = Subject(subject.what, f"{url}/actions: enable workflows")
        return unknown.to_do("GitHub has not seen nightly.yml yet")
    if state == "active":
        return subject.ok("its schedule is active")
    return subject.to_do(f"its schedule is {state.replace('_', ' ')}")


def check_retention(client: GitHubClient, url: str) -> Finding:
    """Check that artifacts are kept for as long as GitHub allows."""
    subject = Subject("retention", f"{url}/settings/actions: Artifact and log retention: {_DAYS} days")
    answer = ask(client, "/actions/permissions/artifact-and-log-retention")
    if answer is None:
        return subject.hidden()
    if answer["days"] >= min(_DAYS, answer.get("maximum_allowed_days", _DAYS)):
        return subject.ok(f"notebooks and files of a run are kept for {answer['days']} days")
    return subject.to_do(f"notebooks and files of a run are kept for {answer['days']} days only")
