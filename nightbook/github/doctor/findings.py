"""What is found of one thing that must be set up, and the form in which it is told."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from nightbook.github.client import Client
from nightbook.github.errors import GitHubError

HIDDEN = (401, 403, 404)


class State(StrEnum):
    """What is known of one thing that must be set up."""

    OK = "ok"
    TO_DO = "to do"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to be set up: what was seen of it and, unless it is well, where to click."""

    what: str
    state: State
    seen: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to be set up, and where to click for it."""

    what: str
    path: str

    def well(self, seen: str) -> Finding:
        """It is set up."""
        return Finding(self.what, State.OK, seen)

    def to_do(self, seen: str) -> Finding:
        """It is not."""
        return Finding(self.what, State.TO_DO, seen, self.path)

    def not_checked(self, seen: str) -> Finding:
        """There is no telling yet."""
        return Finding(self.what, State.NOT_CHECKED, seen, self.path)

    def hidden(self) -> Finding:
        """The token does not let us see it."""
        return self.not_checked("GitHub does not show it to this token; look yourself")


def ask(client: Client, path: str, hidden: Collection[int] = HIDDEN) -> Any:
    """The answer; None if GitHub does not show it to this token, which it says by a status in ``hidden``."""
    try:
        return client.get(path)
    except GitHubError as error:
        if error.status in hidden:
            return None
        raise
