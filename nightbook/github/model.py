"""Artifacts, workflow runs and pull requests, as GitHub's API describes them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nightbook.github.errors import GitHubError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SourceRun:
    """The workflow run that an artifact belongs to, as far as the list of artifacts describes it."""

    run_id: int
    repository_id: int
    head_repository_id: int
    head_branch: str
    head_sha: str


@dataclass(frozen=True, slots=True)
class WorkflowArtifact:
    """A file that a workflow run has uploaded.

    ``digest`` is empty and ``source_run`` is None if GitHub does not know them.
    """

    artifact_id: int
    name: str
    size_bytes: int
    digest: str
    expired: bool
    source_run: SourceRun | None


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """One attempt of a workflow run. ``conclusion`` is empty until it has ended."""

    run_id: int
    attempt: int
    workflow: str
    event: str
    conclusion: str
    repository_id: int
    head_repository_id: int
    head_owner: str
    head_branch: str
    head_sha: str
    actor: str
    url: str

    @property
    def is_fork(self) -> bool:
        """True if its code comes from another repository."""
        return self.head_repository_id != self.repository_id


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request and the newest commit of its branch."""

    number: int
    head_repository_id: int
    head_sha: str


def parse_artifact(item: Any) -> WorkflowArtifact:
    """Return an item of ``/actions/artifacts`` (https://docs.github.com/en/rest/actions/artifacts)."""
    return _parse("artifact", item, _artifact)


def parse_workflow_run(answer: Any) -> WorkflowRun:
    """Return the answer of ``/actions/runs/ID/attempts/N``.

    https://docs.github.com/en/rest/actions/workflow-runs
    """
    return _parse("workflow run", answer, _workflow_run)


def parse_pull_request(item: Any) -> PullRequest:
    """Return an item of ``/pulls`` (https://docs.github.com/en/rest/pulls/pulls)."""
    return _parse("pull request", item, _pull_request)


def _artifact(item: Any) -> WorkflowArtifact:
    return WorkflowArtifact(
        artifact_id=int(item["id"]),
        name=str(item["name"]),
        size_bytes=int(item["size_in_bytes"]),
        digest=str(item.get("digest") or ""),
        expired=bool(item["expired"]),
        source_run=_source_run(item.get("workflow_run")),
    )


def _source_run(value: Any) -> SourceRun | None:
    """Return the run, or None if any part of it is missing: its origin is then unknown."""
    match value:
        case {
            "id": int(run_id),
            "repository_id": int(repository_id),
            "head_repository_id": int(head_repository_id),
            "head_branch": str(head_branch),
            "head_sha": str(head_sha),
        }:
            return SourceRun(run_id, repository_id, head_repository_id, head_branch, head_sha)
    return None


def _workflow_run(answer: Any) -> WorkflowRun:
    head = answer["head_repository"] or {"id": 0, "owner": {"login": "deleted"}}  # a fork that was deleted
    return WorkflowRun(
        run_id=int(answer["id"]),
        attempt=int(answer["run_attempt"]),
        workflow=str(answer["path"]).partition("@")[0],
        event=str(answer["event"]),
        conclusion=str(answer["conclusion"] or ""),
        repository_id=int(answer["repository"]["id"]),
        head_repository_id=int(head["id"]),
        head_owner=str(head["owner"]["login"]),
        head_branch=str(answer["head_branch"] or ""),
        head_sha=str(answer["head_sha"]),
        actor=str((answer["actor"] or {}).get("login", "")),
        url=str(answer["html_url"]),
    )


def _pull_request(item: Any) -> PullRequest:
    head = item["head"]
    return PullRequest(int(item["number"]), int((head["repo"] or {"id": 0})["id"]), str(head["sha"]))


def _parse(what: str, value: Any, parse: Callable[[Any], _T]) -> _T:
    try:
        return parse(value)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GitHubError(
            f"GitHub describes a {what} in an unknown form ({error!r}): {value!r:.100}"
        ) from error
