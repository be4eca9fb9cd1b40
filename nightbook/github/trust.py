"""Which artifacts become part of the tracker: pure decisions, each with its reason.

A pull request from a fork runs in this repository, may change every workflow file for its own run,
and its artifacts stand in the same list: their names and contents are whatever its author likes. So
nothing is decided by what an artifact says of itself, but by what GitHub says of the run that made it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from nightbook.github.model import Artifact, Maker, WorkflowRun

MAX_ARTIFACT_BYTES = 200_000_000
_NAME = re.compile(r"run-record-([1-9]\d{0,18})-([1-9]\d{0,5})", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_OWN_EVENTS = frozenset({"push", "schedule", "workflow_dispatch"})
_PULL_REQUEST = "pull_request"
_SUCCESS = "success"
_FORK = "it comes from a fork, and no maintainer asked for it"


class Standing(StrEnum):
    """What a record is to the tracker."""

    MAIN = "main"  # part of main's history: others are compared with it
    BRANCH = "branch"  # of this repository: shown, and marked
    FORK = "fork"  # shown only because a maintainer asked for it
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an artifact, and why."""

    standing: Standing
    reason: str

    @property
    def accepted(self) -> bool:
        """Whether it is to be downloaded."""
        return self.standing is not Standing.REFUSED


@dataclass(frozen=True, slots=True)
class Rules:
    """What a repository trusts.

    ``main_workflows`` and ``branch_workflows`` are paths of workflow files; ``current_run_id`` is the
    workflow run that asks, which has not ended yet; ``asked_run_id`` the one that a maintainer named.
    0 stands for none.
    """

    repository_id: int
    main_branch: str = "main"
    main_workflows: tuple[str, ...] = (".github/workflows/main.yml", ".github/workflows/nightly.yml")
    branch_workflows: tuple[str, ...] = (".github/workflows/ci.yml",)
    current_run_id: int = 0
    asked_run_id: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An artifact that may hold a record: it is called like one, and has a maker and a digest."""

    artifact: Artifact
    maker: Maker
    attempt: int


def find_candidate(artifact: Artifact, rules: Rules) -> Candidate | Decision:
    """What can be said by the list of artifacts alone: a candidate, or why it is none."""
    named, maker = _NAME.fullmatch(artifact.name), artifact.maker
    if not named:
        return _refused("its name is no record's")
    if maker is None:
        return _refused("GitHub does not say which workflow run made it")
    for is_wrong, reason in (
        (artifact.expired, "it has expired"),
        (int(named[1]) != maker.run_id, "it is named after another workflow run than the one that made it"),
        (not _DIGEST.fullmatch(artifact.digest), "GitHub does not say its digest"),
        (artifact.size_bytes > MAX_ARTIFACT_BYTES, f"it is larger than {MAX_ARTIFACT_BYTES:,} bytes"),
        (maker.repository_id != rules.repository_id, "it was made for another repository"),
        (maker.head_repository_id != maker.repository_id and maker.run_id != rules.asked_run_id, _FORK),
    ):
        if is_wrong:
            return _refused(reason)
    return Candidate(artifact, maker, int(named[2]))


def decide(candidate: Candidate, run: WorkflowRun, rules: Rules) -> Decision:
    """What becomes of a candidate that ``run`` made."""
    maker = candidate.maker
    if (run.run_id, run.attempt) != (maker.run_id, candidate.attempt):
        return _refused("GitHub tells of another workflow run than was asked for")
    if (run.head_branch, run.head_sha, run.repository_id, run.head_repository_id) != (
        maker.head_branch,
        maker.head_sha,
        maker.repository_id,
        maker.head_repository_id,
    ):
        return _refused("GitHub's list of artifacts and its workflow run tell different things")
    if run.repository_id != rules.repository_id:
        return _refused("it was made for another repository")
    if not run.is_fork:
        return _decide_own(run, rules)
    if run.run_id != rules.asked_run_id:
        return _refused(_FORK)
    return Decision(Standing.FORK, "it comes from a fork, and a maintainer asked for it")


def _decide_own(run: WorkflowRun, rules: Rules) -> Decision:
    current = run.run_id == rules.current_run_id
    if not run.conclusion and not current:
        return _refused("its workflow run has not ended")
    is_main = run.head_branch == rules.main_branch and run.event in _OWN_EVENTS
    trusted = rules.main_workflows if is_main else (*rules.main_workflows, *rules.branch_workflows)
    if run.workflow not in trusted or run.event not in (*_OWN_EVENTS, _PULL_REQUEST):
        return _refused(f"the workflow {run.workflow}, on {run.event}, makes no records of that branch")
    if not is_main:
        return Decision(Standing.BRANCH, f"it ran on the branch {run.head_branch}")
    if run.conclusion == _SUCCESS or current or run.run_id == rules.asked_run_id:
        return Decision(Standing.MAIN, f"it ran on {rules.main_branch}")
    return _refused(f"its workflow run ended in {run.conclusion}")


def _refused(reason: str) -> Decision:
    return Decision(Standing.REFUSED, reason)
