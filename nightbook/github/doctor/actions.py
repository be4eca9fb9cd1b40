"""Whether workflows run, by whose permission, every night, and how long what they upload lives."""

from nightbook.github.client import Client
from nightbook.github.doctor.findings import Finding, Subject, ask

_NIGHTLY = ".github/workflows/nightly.yml"
_DAYS = 90


def examine_actions(client: Client, url: str) -> Finding:
    """Whether workflows run at all, and may use actions."""
    subject = Subject("Actions", f"{url}/settings/actions: Actions permissions")
    found = ask(client, "/actions/permissions")
    if found is None:
        return subject.hidden()
    if not found["enabled"]:
        return subject.to_do("they are switched off")
    if found.get("allowed_actions") == "local_only":
        return subject.to_do("actions of other owners are not allowed")
    return subject.well(f"they are on; allowed are {found.get('allowed_actions', 'all')} actions")


def examine_permissions(client: Client, url: str) -> Finding:
    """Whether a job has only the permissions that it names."""
    subject = Subject("workflow permissions", f"{url}/settings/actions: Workflow permissions: Read")
    found = ask(client, "/actions/permissions/workflow")
    if found is None:
        return subject.hidden()
    if found["default_workflow_permissions"] == "read":
        return subject.well("a job that names no permissions can only read")
    return subject.to_do("a job that names no permissions can write")


def examine_nightly_run(client: Client, url: str) -> Finding:
    """Whether the schedule is there and has not been switched off."""
    subject = Subject("nightly run", f"{url}/actions/workflows/nightly.yml: Enable workflow")
    found = ask(client, "/actions/workflows")
    if found is None:
        return subject.hidden()
    state = {each["path"]: each["state"] for each in found["workflows"]}.get(_NIGHTLY)
    if state is None:
        unseen = Subject(subject.what, f"{url}/actions: enable workflows")
        return unseen.to_do("GitHub has not seen nightly.yml yet")
    if state == "active":
        return subject.well("its schedule is active")
    return subject.to_do(f"its schedule is {state.replace('_', ' ')}")


def examine_retention(client: Client, url: str) -> Finding:
    """Whether artifacts live as long as they may."""
    subject = Subject("retention", f"{url}/settings/actions: Artifact and log retention: {_DAYS} days")
    found = ask(client, "/actions/permissions/artifact-and-log-retention")
    if found is None:
        return subject.hidden()
    if found["days"] >= min(_DAYS, found.get("maximum_allowed_days", _DAYS)):
        return subject.well(f"notebooks and files of a run live for {found['days']} days")
    return subject.to_do(f"notebooks and files of a run live for {found['days']} days only")
