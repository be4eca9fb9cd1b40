from dataclasses import replace
from typing import Any

import pytest

from nightbook.github.model import SourceRun, WorkflowArtifact, WorkflowRun
from nightbook.github.trust import (
    MAX_ARTIFACT_BYTES,
    Candidate,
    Decision,
    Rules,
    TrustLevel,
    decide,
    find_candidate,
)

RULES = Rules(repository_id=1000)
SOURCE_RUN = SourceRun(
    run_id=7, repository_id=1000, head_repository_id=1000, head_branch="main", head_sha="ab" * 20
)
ARTIFACT = WorkflowArtifact(
    5, "run-record-7-1", 1000, "sha256:" + "0" * 64, expired=False, source_run=SOURCE_RUN
)
RUN = WorkflowRun(
    run_id=7,
    attempt=1,
    workflow=".github/workflows/nightly.yml",
    event="schedule",
    conclusion="success",
    repository_id=1000,
    head_repository_id=1000,
    head_owner="octo",
    head_branch="main",
    head_sha="ab" * 20,
    actor="octocat",
    url="https://github.com/octo/nightly/actions/runs/7",
)
CI = ".github/workflows/ci.yml"


def _not_of_branch(workflow: str, event: str) -> str:
    return f"the workflow {workflow}, on {event}, makes no records of that branch"


def consider(rules: Rules = RULES, name: str = ARTIFACT.name, **changes: Any) -> Decision:
    """Return the decision on an artifact; its workflow run is changed in both of GitHub's answers."""
    run = replace(RUN, **changes)
    source_run = SourceRun(
        run.run_id, run.repository_id, run.head_repository_id, run.head_branch, run.head_sha
    )
    candidate = find_candidate(replace(ARTIFACT, name=name, source_run=source_run), rules)
    return candidate if isinstance(candidate, Decision) else decide(candidate, run, rules)


@pytest.mark.parametrize("event", ["push", "schedule", "workflow_dispatch"])
def test_what_ran_on_main_is_mains(event: str) -> None:
    assert consider(event=event) == Decision(TrustLevel.MAIN, "it ran on main")


def test_a_failed_run_is_mains_only_while_it_runs_or_when_asked_for() -> None:
    failed = consider(conclusion="failure")

    assert failed == Decision(TrustLevel.REFUSED, "its workflow run ended in failure")
    assert consider(replace(RULES, current_run_id=7), conclusion="").level is TrustLevel.MAIN
    assert (
        consider(replace(RULES, current_run_id=8), conclusion="").reason == "its workflow run has not ended"
    )
    assert consider(replace(RULES, asked_run_id=7), conclusion="failure").level is TrustLevel.MAIN


@pytest.mark.parametrize(
    "changes",
    [
        {"event": "pull_request", "workflow": CI, "head_branch": "smaller"},
        {"event": "pull_request", "workflow": CI, "head_branch": "main"},  # main into another branch
        {"event": "pull_request", "workflow": CI, "head_branch": "smaller", "conclusion": "failure"},
        {"event": "workflow_dispatch", "head_branch": "smaller"},
    ],
)
def test_what_ran_elsewhere_in_this_repository_is_shown_and_no_part_of_main(changes: dict[str, Any]) -> None:
    assert consider(**changes).level is TrustLevel.BRANCH


@pytest.mark.promise("The run of a fork never counts as main's, whatever its branch is called.")
@pytest.mark.parametrize(
    "changes",
    [
        {"event": "pull_request", "workflow": CI},
        {"event": "push"},  # cannot be, and is refused all the same
        {"event": "schedule", "head_branch": "main"},
        {"event": "pull_request", "workflow": ".github/workflows/nightly.yml"},
        {"event": "pull_request", "workflow": CI, "conclusion": ""},
    ],
)
def test_a_fork_is_refused_whatever_its_branch_is_called(changes: dict[str, Any]) -> None:
    refused = consider(head_repository_id=2000, **changes)
    asked_another = consider(replace(RULES, asked_run_id=8), head_repository_id=2000, **changes)
    current = consider(replace(RULES, current_run_id=7), head_repository_id=2000, **changes)
    asked = consider(replace(RULES, asked_run_id=7), head_repository_id=2000, **changes)

    assert refused == asked_another == current
    assert refused == Decision(TrustLevel.REFUSED, "it comes from a fork, and no maintainer asked for it")
    assert asked.level is TrustLevel.FORK


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"workflow": "other.yml"}, _not_of_branch("other.yml", "schedule")),
        ({"repository_id": 3, "head_repository_id": 3}, "it was made for another repository"),
        ({"run_id": 8}, "it is named after a workflow run that did not make it"),
        ({"name": "run-record-7-2"}, "GitHub described another workflow run than the one asked for"),
        ({"name": "run-record-07-1"}, "its name is not that of a record"),
        ({"event": "push", "workflow": CI}, _not_of_branch(CI, "push")),
        ({"event": "workflow_run", "workflow": CI}, _not_of_branch(CI, "workflow_run")),
        ({"event": "workflow_run"}, _not_of_branch(RUN.workflow, "workflow_run")),
        ({"event": "issues", "head_branch": "x"}, _not_of_branch(RUN.workflow, "issues")),
        ({"name": "run-record-7-1\n"}, "its name is not that of a record"),
        ({"name": "run-record-\u0667-1"}, "its name is not that of a record"),
        ({"name": "github-pages"}, "its name is not that of a record"),
    ],
)
def test_everything_else_is_refused_with_its_reason(changes: dict[str, Any], reason: str) -> None:
    assert consider(**changes) == Decision(TrustLevel.REFUSED, reason)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"expired": True}, "it has expired"),
        ({"source_run": None}, "GitHub does not say which workflow run made it"),
        ({"digest": ""}, "GitHub does not say its digest"),
        ({"digest": "md5:00"}, "GitHub does not say its digest"),
        ({"size_bytes": MAX_ARTIFACT_BYTES + 1}, "it is larger than 200,000,000 bytes"),
    ],
)
def test_the_list_alone_refuses(changes: dict[str, Any], reason: str) -> None:
    assert find_candidate(replace(ARTIFACT, **changes), RULES) == Decision(TrustLevel.REFUSED, reason)


@pytest.mark.parametrize("changes", [{"head_branch": "x"}, {"head_sha": "x"}, {"head_repository_id": 2000}])
def test_the_list_and_the_workflow_run_must_agree(changes: dict[str, Any]) -> None:
    decision = decide(Candidate(ARTIFACT, SOURCE_RUN, 1), replace(RUN, **changes), RULES)

    assert not decision.accepted
    assert "contradict each other" in decision.reason


def test_another_main_branch_is_the_one_that_counts() -> None:
    rules = replace(RULES, main_branch="trunk")

    assert consider(rules, head_branch="trunk").level is TrustLevel.MAIN
    assert consider(rules, head_branch="main").level is TrustLevel.BRANCH
