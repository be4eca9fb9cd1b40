"""Whether the tracker can be deployed, and fits."""

from typing import Any

from nightbook.github.client import Client
from nightbook.github.doctor.findings import HIDDEN, Finding, Subject, ask
from nightbook.github.errors import GitHubError

_VARIABLE = "NIGHTBOOK_PAGES"
_NOT_FOUND = 404
_MAX_FILES_MB = 900  # GitHub Pages serves 1 GB, and the pages themselves need some


def examine_pages(client: Client, repository: Any, url: str) -> Finding:
    """Whether there is a site, and workflows deploy to it."""
    subject = Subject("Pages", f"{url}/settings/pages: Build and deployment: Source: GitHub Actions")
    found = ask(client, "/pages")
    if found is None:
        return subject.hidden() if repository.get("has_pages") else subject.to_do("there is no site")
    if found.get("build_type") == "workflow":
        return subject.well(f"GitHub Actions deploys to {found.get('html_url')}")
    return subject.to_do("a branch is the source, so that no workflow can deploy")


def examine_variable(client: Client, url: str) -> Finding:
    """Whether the owner has said that the tracker is to be deployed."""
    subject = Subject(
        f"variable {_VARIABLE}",
        f"{url}/settings/variables/actions: New repository variable: {_VARIABLE}, value true",
    )
    try:
        found = ask(client, f"/actions/variables/{_VARIABLE}", hidden=set(HIDDEN) - {_NOT_FOUND})
    except GitHubError as error:
        if error.status != _NOT_FOUND:
            raise
        return subject.to_do("it is not set, or not for this token, and nothing is deployed")
    if found is None:
        return subject.hidden()
    seen = f"it is {found['value']!r:.40}"
    return subject.well(seen) if found["value"] == "true" else subject.to_do(seen)


def examine_size(repository: Any, keep_files_mb: float) -> Finding:
    """Whether the files that the tracker may carry leave room for its pages."""
    subject = Subject("size", "luigi.cfg: keep_files_mb")
    seen = f"the tracker carries at most {keep_files_mb:.0f} MB of files"
    if keep_files_mb > _MAX_FILES_MB:
        return subject.to_do(f"{seen}, and Pages serves 1 GB")
    repository_mb = repository.get("size", 0) / 1000
    return subject.well(f"{seen}; the repository has {repository_mb:.0f} MB with all its history")
