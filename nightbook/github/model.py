"""What GitHub's API tells of artifacts, workflow runs and pull requests, as data."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from nightbook.github.errors import GitHubError

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Maker:
    """The workflow run that an artifact belongs to, as far as the list of artifacts tells."""

    run_id: int
    repository_id: int
    head_repository_id: int
    head_branch: str
    head_sha: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """An uploaded file. ``digest`` is empty and ``maker`` None if GitHub does not know them."""

    artifact_id: int
    name: str
    size_bytes: int
    digest: str
    expired: bool
    maker: Maker | None


@dataclass(frozen=True, slots=True)
class WorkflowRun:
    """One attempt of a workflow run. ``conclusion`` is empty while it goes on."""

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
        """Whether its code comes from another repository."""
        return self.head_repository_id != self.repository_id


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request and the commit that it would merge."""

    number: int
    head_repository_id: int
    head_sha: str


def parse_artifact(found: Any) -> Artifact:
    """An item of ``/actions/artifacts`` (https://docs.github.com/en/rest/actions/artifacts)."""
    return _parsed("artifact", found, _artifact)


def parse_workflow_run(found: Any) -> WorkflowRun:
    """The answer of ``/actions/runs/ID/attempts/N`` (https://docs.github.com/en/rest/actions/workflow-runs)."""
    return _parsed("workflow run", found, _workflow_run)


def parse_pull_request(found: Any) -> PullRequest:
    """An item of ``/pulls`` (https://docs.github.com/en/rest/pulls/pulls)."""
    return _parsed("pull request", found, _pull_request)


def _artifact(found: Any) -> Artifact:
    return Artifact(
        artifact_id=int(found["id"]),
        name=str(found["name"]),
        size_bytes=int(found["size_in_bytes"]),
        digest=str(found.get("digest") or ""),
        expired=bool(found["expired"]),
        maker=_maker(found.get("workflow_run")),
    )


def _maker(found: Any) -> Maker | None:
    """None also if a part is missing: who made it is then not known."""
    match found:
        case {
            "id": int(run_id),
            "repository_id": int(repository_id),
            "head_repository_id": int(head_repository_id),
            "head_branch": str(head_branch),
            "head_sha": str(head_sha),
        }:
            return Maker(run_id, repository_id, head_repository_id, head_branch, head_sha)
    return None


def _workflow_run(found: Any) -> WorkflowRun:
    head = found["head_repository"] or {"id": 0, "owner": {"login": "deleted"}}  # the fork is no more
    return WorkflowRun(
        run_id=int(found["id"]),
        attempt=int(found["run_attempt"]),
        workflow=str(found["path"]).partition("@")[0],
        event=str(found["event"]),
        conclusion=str(found["conclusion"] or ""),
        repository_id=int(found["repository"]["id"]),
        head_repository_id=int(head["id"]),
        head_owner=str(head["owner"]["login"]),
        head_branch=str(found["head_branch"] or ""),
        head_sha=str(found["head_sha"]),
        actor=str((found["actor"] or {}).get("login", "")),
        url=str(found["html_url"]),
    )


def _pull_request(found: Any) -> PullRequest:
    head = found["head"]
    return PullRequest(int(found["number"]), int((head["repo"] or {"id": 0})["id"]), str(head["sha"]))


def _parsed(what: str, found: Any, parse: Callable[[Any], _T]) -> _T:
    try:
        return parse(found)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise GitHubError(f"GitHub tells of the {what} {found!r:.100} in another form: {error!r}") from error
