"""All checks of a repository's settings, for its new owner.

A finding repeats what GitHub answered. Without an answer the setting is *not checked*, never *ok*.
"""

from nightbook.github.client import GitHubClient
from nightbook.github.doctor.actions import (
    check_actions,
    check_nightly_run,
    check_permissions,
    check_retention,
)
from nightbook.github.doctor.code import check_archive, check_code_scanning, check_main_branch
from nightbook.github.doctor.findings import Finding
from nightbook.github.doctor.github_pages import check_pages, check_size, check_variable


def check_repository(
    client: GitHubClient, repository_url: str, main_branch: str, keep_files_bytes: int
) -> list[Finding]:
    """Return all findings. Raise GitHubError if the repository itself cannot be seen."""
    repository = client.get("")
    return [
        check_main_branch(repository, main_branch),
        check_actions(client, repository_url),
        check_permissions(client, repository_url),
        check_nightly_run(client, repository_url),
        check_pages(client, repository, repository_url),
        check_variable(client, repository_url),
        check_retention(client, repository_url),
        check_archive(client, repository_url),
        check_code_scanning(client, repository_url),
        check_size(repository, keep_files_bytes),
    ]
