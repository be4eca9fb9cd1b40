"""What a new owner still has to set up, as far as the token lets us see it.

A finding is what GitHub answered; what it did not answer is told as not checked, never as well.
"""

from nightbook.github.client import Client
from nightbook.github.doctor.actions import (
    examine_actions,
    examine_nightly_run,
    examine_permissions,
    examine_retention,
)
from nightbook.github.doctor.code import examine_archive, examine_code_scanning, examine_main_branch
from nightbook.github.doctor.findings import Finding
from nightbook.github.doctor.github_pages import examine_pages, examine_size, examine_variable


def examine(client: Client, repository_url: str, main_branch: str, keep_files_mb: float) -> list[Finding]:
    """All findings; GitHubError if the repository itself cannot be seen."""
    repository = client.get("")
    return [
        examine_main_branch(repository, main_branch),
        examine_actions(client, repository_url),
        examine_permissions(client, repository_url),
        examine_nightly_run(client, repository_url),
        examine_pages(client, repository, repository_url),
        examine_variable(client, repository_url),
        examine_retention(client, repository_url),
        examine_archive(client, repository_url),
        examine_code_scanning(client, repository_url),
        examine_size(repository, keep_files_mb),
    ]
