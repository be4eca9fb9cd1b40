"""Decisions about artifacts: which become part of the tracker, each with its reason.

A pull request from a fork runs in this repository, may change every workflow file for its own run, and its
artifacts are in the same list as all others: their names and contents are whatever its author likes. So
a decision never depends on what an artifact says of itself, only on what GitHub says of the workflow run
that made it.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from nightbook.github.model import SourceRun, WorkflowArtifact, WorkflowRun

MAX_ARTIFACT_BYTES = 200_000_000
_NAME = re.compile(r"run-record-([1-9]\d{0,18})-([1-9]\d{0,5})", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}", re.ASCII)
_OWN_EVENTS = frozenset({"push", "schedule", "workflow_dispatch"})
_PULL_REQUEST = "pull_request"
_SUCCESS = "success"
_FORK = "it comes from a fork, and no maintainer asked for it"


class TrustLevel(StrEnum):
    """How far the tracker trusts a record."""

    MAIN = "main"  # part of main's history: other runs are compared with it
    BRANCH = "branch"  # from a branch of this repository: shown, and marked as such
    FORK = "fork"  # shown only because a maintainer asked for it
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Decision:
    """How far an artifact is trusted, and why."""

    level: TrustLevel
    reason: str

    @property
    def accepted(self) -> bool:
        """True if the artifact may be downloaded."""
        return self.level is not TrustLevel.REFUSED


@dataclass(frozen=True, slots=True)
class Rules:
    """The workflows and runs that a repository trusts.

    ``main_workflows`` and ``branch_workflows`` are paths of the files that GitHub starts, never of the
    reusable workflows that these call. ``current_run_id`` is the workflow run of this process, which has
    not ended yet; ``asked_run_id`` is the one that a maintainer named. 0 means none.
    """

    repository_id: int
    main_branch: str = "main"
    main_workflows: tuple[str, ...] = (".github/workflows/main.yml", ".github/workflows/nightly.yml")
    branch_workflows: tuple[str, ...] = (".github/workflows/ci.yml",)
    current_run_id: int = 0
    asked_run_id: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An artifact that may hold a record: its name is right, and its source run and digest are known."""

    artifact: WorkflowArtifact
    source_run: SourceRun
    attempt: int


def find_candidate(artifact: WorkflowArtifact, rules: Rules) -> Candidate | Decision:
    """Return a candidate, or the refusal if the list of artifacts alone is reason enough for one."""
    name, source_run = _NAME.fullmatch(artifact.name), artifact.source_run
    if not name:
        return _refuse("its name is not that of a record")
    if source_run is None:
        return _refuse("GitHub does not say which workflow run made it")
    is_fork = source_run.head_repository_id != source_run.repository_id
    for applies, reason in (
        (artifact.expired, "it has expired"),
        (int(name[1]) != source_run.run_id, "it is named after a workflow run that did not make it"),
        (not _DIGEST.fullmatch(artifact.digest), "GitHub does not say its digest"),
        (artifact.size_bytes > MAX_ARTIFACT_BYTES, f"it is larger than {MAX_ARTIFACT_BYTES:,} bytes"),
        (source_run.repository_id != rules.repository_id, "it was made for another repository"),
        (is_fork and source_run.run_id != rules.asked_run_id, _FORK),
    ):
        if applies:
            return _refuse(reason)
    return Candidate(artifact, source_run, int(name[2]))


def decide(candidate: Candidate, run: WorkflowRun, rules: Rules) -> Decision:
    """Return the decision about a candidate that the attempt ``run`` made."""
    source_run = candidate.source_run
    if (run.run_id, run.attempt) != (source_run.run_id, candidate.attempt):
        return _refuse("GitHub described another workflow run than the one asked for")
    if (run.head_branch, run.head_sha, run.repository_id, run.head_repository_id) != (
        source_run.head_branch,
        source_run.head_sha,
        source_run.repository_id,
        source_run.head_repository_id,
    ):
        return _refuse("GitHub's list of artifacts and its workflow run contradict each other")
    if run.repository_id != rules.repository_id:
        return _refuse("it was made for another repository")
    if not run.is_fork:
        return _decide_own(run, rules)
    if run.run_id != rules.asked_run_id:
        return _refuse(_FORK)
    return Decision(TrustLevel.FORK, "it comes from a fork, and a maintainer asked for it")


def _decide_own(run: WorkflowRun, rules: Rules) -> Decision:
    is_current = run.run_id == rules.current_run_id
    if not run.conclusion and not is_current:
        return _refuse("its workflow run has not ended")
    is_main = run.head_branch == rules.main_branch and run.event in _OWN_EVENTS
    trusted = rules.main_workflows if is_main else (*rules.main_workflows, *rules.branch_workflows)
    if run.workflow not in trusted or run.event not in (*_OWN_EVENTS, _PULL_REQUEST):
        return _refuse(f"the workflow {run.workflow}, on {run.event}, makes no records of that branch")
    if not is_main:
        return Decision(TrustLevel.BRANCH, f"it ran on the branch {run.head_branch}")
    if run.conclusion == _SUCCESS or is_current or run.run_id == rules.asked_run_id:
        return Decision(TrustLevel.MAIN, f"it ran on {rules.main_branch}")
    return _refuse(f"its workflow run ended in {run.conclusion}")


def _refuse(reason: str) -> Decision:
    return Decision(TrustLevel.REFUSED, reason)
