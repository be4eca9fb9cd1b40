"""The git command: the only place that starts it.

Git answers in English and never waits for somebody to type a password. What it prints is text; a failure
is a GitError that says which command failed, where, and what git said.
"""

import os
import shlex
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nightbook.record.format.errors import NightbookError

_TIMEOUT_S = 600.0
_MAX_MESSAGE = 500  # characters of what git says; the end holds the reason
_FOREIGN = "dubious ownership"
_NO_QUESTIONS = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


class GitError(NightbookError):
    """Git failed, took too long, or is not installed."""


class ForeignRepositoryError(GitError):
    """A repository of another user, which git refuses to read."""


@dataclass(frozen=True, slots=True)
class GitResult:
    """How a git command ended, and what it printed."""

    exit_code: int
    output: str
    errors: str


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one folder.

    ``settings`` are configuration for these commands alone. They travel in the environment, so that a token
    among them is in no file and on no command line.
    """

    folder: Path
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_s: float = _TIMEOUT_S

    def __call__(self, *arguments: str) -> str:
        """Return what git prints, without the white space around it. Raise GitError if it fails."""
        result = self.attempt(*arguments)
        if result.exit_code:
            if _FOREIGN in result.errors:
                raise ForeignRepositoryError(
                    f"{self.folder} belongs to another user, and git does not read it: "
                    f"git config --global --add safe.directory {shlex.quote(str(self.folder.absolute()))}"
                )
            reason = result.errors.strip()[-_MAX_MESSAGE:]
            raise GitError(f"git {arguments[0]} failed in {self.folder}: {reason}")
        return result.output.strip()

    def attempt(self, *arguments: str) -> GitResult:
        """Return how the command ended, failure included. Raise GitError only if git gave no answer."""
        try:
            done = subprocess.run(  # noqa: S603 the arguments are ours
                ["git", "-C", str(self.folder), *arguments],  # noqa: S607 whichever git the user has
                env={**os.environ, **_NO_QUESTIONS, **_in_environment(self.settings)},
                capture_output=True,
                text=True,
                timeout=self.timeout_s,
                check=False,
            )
        except OSError as error:
            raise GitError(f"git cannot be started ({error}): is it installed?") from error
        except subprocess.TimeoutExpired as error:
            raise GitError(
                f"git {arguments[0]} in {self.folder} did not end within {self.timeout_s:g} s"
            ) from error
        return GitResult(done.returncode, done.stdout, done.stderr)


def _in_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which git reads settings: https://git-scm.com/docs/git-config#ENVIRONMENT."""
    if not settings:
        return {}
    variables = {"GIT_CONFIG_COUNT": str(len(settings))}
    for number, (name, value) in enumerate(settings.items()):
        variables |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
    return variables
