"""Git's command, with the token of the API and without what a user's own settings would change."""

import base64
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nightbook.github.errors import ArchiveError

_TIMEOUT_S = 600
_SETTINGS = {
    "core.autocrlf": "false",
    "core.hooksPath": os.devnull,
    "core.symlinks": "false",  # another repository's link would name any file of this machine
    "commit.gpgSign": "false",
    "gc.auto": "0",
    "user.name": "github-actions[bot]",
    "user.email": "41898282+github-actions[bot]@users.noreply.github.com",
}


@dataclass(frozen=True, slots=True)
class Git:
    """Git in one folder. ``secrets`` are settings that stand in no file and on no command line."""

    folder: Path
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __call__(self, *arguments: str) -> str:
        """What git prints. ArchiveError, with what it says, if it fails."""
        done = self.attempt(*arguments)
        if done.returncode:
            raise ArchiveError(f"git {arguments[0]} failed in {self.folder}: {done.stderr.strip()[-500:]}")
        return done.stdout.strip()

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The ended command, whatever it says."""
        settings = {**_SETTINGS, **self.secrets}
        environment = {"GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C", "GIT_CONFIG_COUNT": str(len(settings))}
        for number, (name, value) in enumerate(settings.items()):
            environment |= {f"GIT_CONFIG_KEY_{number}": name, f"GIT_CONFIG_VALUE_{number}": value}
        return subprocess.run(  # noqa: S603 the arguments are ours
            ["git", "-C", str(self.folder), *arguments],  # noqa: S607 whichever git the user has
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_S,
            check=False,
        )


def token_settings(server_url: str, token: str) -> dict[str, str]:
    """The settings that let git use the token for this server, and for no other."""
    if not token:
        return {}
    credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {f"http.{server_url.rstrip('/')}/.extraheader": f"AUTHORIZATION: basic {credentials}"}
