"""The pull request that a workflow run belongs to."""

from nightbook.github.client import GitHubClient
from nightbook.github.model import PullRequest, WorkflowRun, parse_pull_request


def find_pull_request(client: GitHubClient, run: WorkflowRun, *, only_current: bool) -> PullRequest | None:
    """Return the newest pull request from the branch of a workflow run, or None if there is none.

    With ``only_current`` it must be open, and its branch still at the commit of the run. The workflow run
    itself lists its pull requests too, but that list is empty for forks.
    """
    head = f"{run.head_owner}:{run.head_branch}"
    state = "open" if only_current else "all"
    for item in client.pages("/pulls", head=head, state=state, sort="created", direction="desc"):
        pull_request = parse_pull_request(item)
        is_of_run = pull_request.head_repository_id == run.head_repository_id
        if is_of_run and (not only_current or pull_request.head_sha == run.head_sha):
            return pull_request
    return None
