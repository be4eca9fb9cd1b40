"""The result of one check of the repository's settings, and the request behind it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nightbook.github.client import GitHubClient
from nightbook.github.errors import GitHubError

HIDDEN = (401, 403, 404)


class State(StrEnum):
    """The state of one setting."""

    OK = "ok"
    TO_DO = "to do"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of one setting, what GitHub said about it and, unless it is right, where to click."""

    what: str
    state: State
    seen: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A setting, and where to click to change it."""

    what: str
    path: str

    def ok(self, seen: str) -> Finding:
        """Return the finding that the setting is right."""
        return Finding(self.what, State.OK, seen)

    def to_do(self, seen: str) -> Finding:
        """Return the finding that the setting has to be changed."""
        return Finding(self.what, State.TO_DO, seen, self.path)

    def not_checked(self, seen: str) -> Finding:
        """Return the finding that nothing is known about the setting yet."""
        return Finding(self.what, State.NOT_CHECKED, seen, self.path)

    def hidden(self) -> Finding:
        """Return the finding that this token cannot see the setting."""
        return self.not_checked("GitHub does not show it to this token; look yourself")


def ask(client: GitHubClient, path: str, hidden: Collection[int] = HIDDEN) -> Any:
    """Return GitHub's answer, or None if its status is in ``hidden``: this token may not see it."""
    try:
        return client.get(path)
    except GitHubError as error:
        if error.status in hidden:
            return None
        raise
