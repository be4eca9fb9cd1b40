"""Which commit the code is: asked of git or, in an image without git, read from what its build wrote.

``python -m nightbook.provenance.checkout PATH ...`` prints it as JSON, with what changed below the paths
alone: the build of an image calls it where git and the history are, and neither is in the image.
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from nightbook.record.format.errors import NightbookError

_FILE = "checkout.json"


@dataclass(frozen=True, slots=True)
class Checkout:
    """Empty strings stand for what is not known."""

    revision: str = ""
    branch: str = ""
    repository_url: str = ""
    author: str = ""
    dirty: bool = False


def find_checkout(project: Path) -> Checkout:
    """The checkout in the project's folder. NightbookError if what the image's build wrote is broken."""
    file = project / _FILE
    if not file.is_file():
        return ask_git(project)
    try:
        return Checkout(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NightbookError(f"{file} cannot be read ({error}): build the image again") from error


def ask_git(project: Path, *paths: str) -> Checkout:
    """What git says of the project's folder; ``dirty`` is about the paths, or about all."""
    return Checkout(
        revision=_git(project, "rev-parse", "HEAD"),
        branch=_git(project, "branch", "--show-current"),
        repository_url=_public_url(_git(project, "config", "remote.origin.url")),
        author=_git(project, "config", "user.name"),
        dirty=bool(_git(project, "status", "--porcelain", "--", *paths)),
    )


def _public_url(url: str) -> str:
    """A URL without the ``user:token@`` that some checkouts carry; a path is nobody else's business."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url if "@" in url else ""
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


if __name__ == "__main__":
    print(json.dumps(asdict(ask_git(Path.cwd(), *sys.argv[1:]))))
