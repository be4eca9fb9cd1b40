"""The artifacts of a repository: all of them, or the record of one workflow run."""

from nightbook.github.client import GitHubClient
from nightbook.github.model import WorkflowArtifact, WorkflowRun, parse_artifact
from nightbook.github.trust import Candidate, Rules, find_candidate


def list_artifacts(client: GitHubClient) -> list[WorkflowArtifact]:
    """Return all artifacts, newest first.

    Each is returned once, although a new artifact moves the others to later pages while they are read.
    """
    artifacts = (parse_artifact(item) for item in client.pages("/actions/artifacts", key="artifacts"))
    return list({artifact.artifact_id: artifact for artifact in artifacts}.values())


def find_record(client: GitHubClient, run: WorkflowRun) -> WorkflowArtifact | None:
    """Return the artifact with the record of a workflow run, even of a fork's, or None if there is none."""
    rules = Rules(repository_id=run.repository_id, asked_run_id=run.run_id)
    for item in client.pages(f"/actions/runs/{run.run_id}/artifacts", key="artifacts"):
        candidate = find_candidate(parse_artifact(item), rules)
        if isinstance(candidate, Candidate) and (candidate.source_run.run_id, candidate.attempt) == (
            run.run_id,
            run.attempt,
        ):
            return candidate.artifact
    return None
