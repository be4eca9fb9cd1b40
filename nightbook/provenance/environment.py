"""The origin of a run: its checkout, the workflow run, and the installed packages."""

import hashlib
import os
import platform
import re
from collections.abc import Mapping
from importlib.metadata import Distribution, distributions
from pathlib import Path

from nightbook.provenance.checkout import find_checkout
from nightbook.record.format.model import Provenance

_LOCK_FILE = "uv.lock"
_GITHUB = "https://github.com"


def find_provenance(project: Path, environment: Mapping[str, str]) -> Provenance:
    """Return what is known about the project's checkout and about this process.

    GitHub's variables, where they are set, take precedence over the checkout:
    https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """
    on_github = environment.get("GITHUB_ACTIONS") == "true"
    checkout = find_checkout(project)
    return Provenance(
        trigger=environment.get("GITHUB_EVENT_NAME", "local") if on_github else "local",
        actor=environment.get("GITHUB_ACTOR", "") if on_github else checkout.author,
        repository_url=_repository_url(environment) or checkout.repository_url,
        revision=environment.get("GITHUB_SHA") or checkout.revision,
        branch=(environment.get("GITHUB_HEAD_REF") or environment.get("GITHUB_REF_NAME") or checkout.branch),
        pull_request=_pull_request(environment.get("GITHUB_REF", "")),
        dirty=checkout.dirty,
        ci_run_url=_ci_run_url(environment),
        python_version=platform.python_version(),
        os_type=platform.system().lower(),
        cpu_count=os.cpu_count() or 0,
        lock_sha256=_sha256(project / _LOCK_FILE),
        packages=tuple(sorted(_package(distribution) for distribution in distributions())),
    )


def _repository_url(environment: Mapping[str, str]) -> str:
    if not environment.get("GITHUB_REPOSITORY"):
        return ""
    return f"{environment.get('GITHUB_SERVER_URL') or _GITHUB}/{environment['GITHUB_REPOSITORY']}"


def _ci_run_url(environment: Mapping[str, str]) -> str:
    repository, run = _repository_url(environment), environment.get("GITHUB_RUN_ID")
    return f"{repository}/actions/runs/{run}" if repository and run else ""


def _pull_request(ref: str) -> str:
    """Return the number in a ref such as ``refs/pull/12/merge``, or an empty string."""
    match = re.fullmatch(r"refs/pull/(\d+)/.*", ref)
    return match[1] if match else ""


def _package(distribution: Distribution) -> str:
    metadata = distribution.metadata  # read and parsed at each access
    return f"{metadata['Name']}=={metadata['Version']}"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
