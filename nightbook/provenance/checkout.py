"""The commit of the code: asked of git or, in an image without git, read from a file of the image's build.

``python -m nightbook.provenance.checkout PATH ...`` prints the commit as JSON; its ``dirty`` counts only
changes below the paths. The build of an image calls it, because git and the history are there, but not in
the image.
"""

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from nightbook.git import ForeignRepositoryError, Git, GitError
from nightbook.record.format.errors import NightbookError

_FILE = "checkout.json"
_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Checkout:
    """A commit and where it comes from. An empty string means unknown."""

    revision: str = ""
    branch: str = ""
    repository_url: str = ""
    author: str = ""
    dirty: bool = False


def find_checkout(project: Path) -> Checkout:
    """Return the checkout in the project's folder, or an empty one if there is none.

    Raise NightbookError if the file that the image's build wrote is broken.
    """
    file = project / _FILE
    if not file.is_file():
        return ask_git(project)
    try:
        return Checkout(**json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise NightbookError(f"{file} cannot be read ({error}): build the image again") from error


def ask_git(project: Path, *paths: str) -> Checkout:
    """Return git's answers about the project's folder; none, if there is no git or no repository.

    A repository that git refuses to read, because it belongs to another user, is noted with what to do.
    ``dirty`` is true if anything below the paths is not committed; without paths, anything at all.
    """
    git = Git(project, timeout_s=_TIMEOUT_S)
    try:
        git("rev-parse", "--git-dir")
    except ForeignRepositoryError as error:
        print(f"note: the run does not say its commit: {error}", file=sys.stderr)
        return Checkout()
    except GitError:
        return Checkout()
    return Checkout(
        revision=_answer(git, "rev-parse", "HEAD"),
        branch=_answer(git, "branch", "--show-current"),
        repository_url=_public_url(_answer(git, "config", "remote.origin.url")),
        author=_answer(git, "config", "user.name"),
        dirty=bool(_answer(git, "status", "--porcelain", "--", *paths)),
    )


def _public_url(url: str) -> str:
    """Return a URL without the ``user:token@`` that some checkouts have in it; a local path stays private."""
    scheme, separator, rest = url.partition("://")
    if not separator:
        return url if "@" in url else ""
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def _answer(git: Git, *arguments: str) -> str:
    """Return what git prints, or nothing where there is no commit yet or no such setting."""
    try:
        return git(*arguments)
    except GitError:
        return ""


if __name__ == "__main__":
    print(json.dumps(asdict(ask_git(Path.cwd(), *sys.argv[1:]))))
