"""The repository on GitHub and how to reach it: from options, GitHub's variables, or the checkout."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nightbook.git import Git, GitError
from nightbook.github.client import GitHubClient
from nightbook.github.errors import GitHubError
from nightbook.github.git import archive_git, token_settings

_NAME = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_REMOTE = re.compile(r"[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Connection:
    """A repository on a GitHub server. Without a token only what is public can be read."""

    repository: str
    server_url: str
    api_url: str
    remote: str
    token: str = field(repr=False)
    repository_id: int = 0  # 0 if unknown
    current_run_id: int = 0  # the workflow run that this process is part of

    def client(self) -> GitHubClient:
        """Return a client for the repository's part of the API."""
        return GitHubClient(self.api_url, self.repository, self.token)

    def git(self, folder: Path) -> Git:
        """Return git in a folder, with the permissions of the token."""
        return archive_git(folder, token_settings(self.server_url, self.token))


def find_connection(
    environment: Mapping[str, str], *, repository: str | None, api_url: str | None, remote: str | None
) -> Connection:
    """Return the connection that the options, GitHub's variables or the current checkout describe.

    Raise GitHubError if none of them names a repository.
    https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """
    own = environment.get("GITHUB_REPOSITORY", "")
    name = repository or own or _repository_of_checkout()
    if not _NAME.fullmatch(name):
        raise GitHubError(f"{name!r:.100} is not a repository: name one by --repository OWNER/NAME")
    server_url = environment.get("GITHUB_SERVER_URL", "https://github.com").rstrip("/")
    is_own = name == own
    return Connection(
        repository=name,
        server_url=server_url,
        api_url=api_url or environment.get("GITHUB_API_URL", "https://api.github.com"),
        remote=remote or f"{server_url}/{name}.git",
        token=environment.get("GITHUB_TOKEN") or environment.get("GH_TOKEN", ""),
        repository_id=int(environment.get("GITHUB_REPOSITORY_ID", 0)) if is_own else 0,
        current_run_id=int(environment.get("GITHUB_RUN_ID", 0)) if is_own else 0,
    )


def _repository_of_checkout() -> str:
    """Return the OWNER/NAME that the checkout in the current folder was cloned from, or nothing."""
    try:
        url = Git(Path.cwd())("config", "remote.origin.url")
    except GitError:
        return ""
    found = _REMOTE.search(url)
    return found[1] if found else ""
