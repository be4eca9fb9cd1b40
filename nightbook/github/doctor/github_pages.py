"""Checks of GitHub Pages: the site, the variable that enables its deployment, and its size."""

from typing import Any

from nightbook.github.client import GitHubClient
from nightbook.github.doctor.findings import HIDDEN, Finding, Subject, ask
from nightbook.github.errors import GitHubError
from nightbook.github.large_files import MAX_SITE_BYTES

_VARIABLE = "NIGHTBOOK_PAGES"
_NOT_FOUND = 404
_MB = 1_000_000


def check_pages(client: GitHubClient, repository: Any, url: str) -> Finding:
    """Check that there is a site, and that workflows deploy to it."""
    subject = Subject("Pages", f"{url}/settings/pages: Build and deployment: Source: GitHub Actions")
    answer = ask(client, "/pages")
    if answer is None:
        return subject.hidden() if repository.get("has_pages") else subject.to_do("there is no site")
    if answer.get("build_type") == "workflow":
        return subject.ok(f"GitHub Actions deploys to {answer.get('html_url')}")
    return subject.to_do("its source is a branch, so no workflow can deploy")


def check_variable(client: GitHubClient, url: str) -> Finding:
    """Check that the owner has enabled the deployment of the tracker."""
    subject = Subject(
        f"variable {_VARIABLE}",
        f"{url}/settings/variables/actions: New repository variable: {_VARIABLE}, value true",
    )
    try:
        answer = ask(client, f"/actions/variables/{_VARIABLE}", hidden=set(HIDDEN) - {_NOT_FOUND})
    except GitHubError as error:
        if error.status != _NOT_FOUND:
            raise
        return subject.to_do("it is not set, or hidden from this token; without it nothing is deployed")
    if answer is None:
        return subject.hidden()
    seen = f"it is {answer['value']!r:.40}"
    return subject.ok(seen) if answer["value"] == "true" else subject.to_do(seen)


def check_size(repository: Any, keep_files_bytes: int) -> Finding:
    """Check that GitHub Pages can serve the files that the tracker may keep."""
    subject = Subject("size", "luigi.cfg: keep_files_mb")
    seen = f"the tracker keeps at most {keep_files_bytes / _MB:.0f} MB of files"
    if keep_files_bytes > MAX_SITE_BYTES:
        return subject.to_do(f"{seen}, but a site has room for {MAX_SITE_BYTES / _MB:.0f} MB in all")
    repository_mb = repository.get("size", 0) / 1000
    return subject.ok(f"{seen}; the repository has {repository_mb:.0f} MB with all its history")
