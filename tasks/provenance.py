"""Where a run comes from: git, continuous integration, and the installed packages."""

import hashlib
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path

from tasks.runlog.model import Provenance

_LOCK_FILE = "uv.lock"


def find_provenance(project: Path, environment: Mapping[str, str]) -> Provenance:
    """All that can be known of the project's checkout and of this process.

    GitHub's variables: https://docs.github.com/en/actions/reference/workflows-and-actions/variables
    """
    on_github = environment.get("GITHUB_ACTIONS") == "true"
    return Provenance(
        trigger=environment.get("GITHUB_EVENT_NAME", "local") if on_github else "local",
        actor=environment.get("GITHUB_ACTOR", "") if on_github else _git(project, "config", "user.name"),
        repository_url=_repository_url(project, environment),
        revision=environment.get("GITHUB_SHA") or _git(project, "rev-parse", "HEAD"),
        branch=(
            environment.get("GITHUB_HEAD_REF")
            or environment.get("GITHUB_REF_NAME")
            or _git(project, "branch", "--show-current")
        ),
        pull_request=_pull_request(environment.get("GITHUB_REF", "")),
        dirty=bool(_git(project, "status", "--porcelain")),
        ci_run_url=_ci_run_url(environment),
        python_version=platform.python_version(),
        os_type=platform.system().lower(),
        cpu_count=os.cpu_count() or 0,
        lock_sha256=_sha256(project / _LOCK_FILE),
        packages=tuple(sorted(f"{dist.name}=={dist.version}" for dist in distributions())),
    )


def _repository_url(project: Path, environment: Mapping[str, str]) -> str:
    if "GITHUB_REPOSITORY" in environment:
        return (
            f"{environment.get('GITHUB_SERVER_URL', 'https://github.com')}/{environment['GITHUB_REPOSITORY']}"
        )
    url = _git(project, "config", "remote.origin.url")
    return _without_credentials(url) if "://" in url or "@" in url else ""  # a path is nobody else's business


def _ci_run_url(environment: Mapping[str, str]) -> str:
    if "GITHUB_RUN_ID" not in environment or "GITHUB_REPOSITORY" not in environment:
        return ""
    server = environment.get("GITHUB_SERVER_URL", "https://github.com")
    return f"{server}/{environment['GITHUB_REPOSITORY']}/actions/runs/{environment['GITHUB_RUN_ID']}"


def _pull_request(ref: str) -> str:
    """The number in ``refs/pull/12/merge``."""
    found = re.fullmatch(r"refs/pull/(\d+)/.*", ref)
    return found[1] if found else ""


def _without_credentials(url: str) -> str:
    """A URL without the ``user:token@`` that some checkouts carry: the record may be published."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _git(project: Path, *arguments: str) -> str:
    """What git prints; empty without git or a repository."""
    try:
        done = subprocess.run(  # noqa: S603 the arguments are ours
            ["git", "-C", str(project), *arguments],  # noqa: S607 whichever git the user has
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
