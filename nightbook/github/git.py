"""Git for the branch of records: with the API's token, and without the user's own settings."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path

from nightbook.git import Git

_SETTINGS = {
    "core.autocrlf": "false",
    "core.hooksPath": os.devnull,
    "core.symlinks": "false",  # a link in another repository's branch could point to any file of this machine
    "commit.gpgSign": "false",
    "gc.auto": "0",
    "user.name": "github-actions[bot]",
    "user.email": "41898282+github-actions[bot]@users.noreply.github.com",
}


def archive_git(folder: Path, credentials: Mapping[str, str] | None = None) -> Git:
    """Return git in a folder, always with the same settings, whoever runs it and on whichever machine.

    ``credentials`` are settings such as those of ``token_settings``.
    """
    return Git(folder, {**_SETTINGS, **(credentials or {})})


def token_settings(server_url: str, token: str) -> dict[str, str]:
    """Return the settings that let git use the token on this server and no other. Without a token, none."""
    if not token:
        return {}
    credentials = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    return {f"http.{server_url.rstrip('/')}/.extraheader": f"AUTHORIZATION: basic {credentials}"}
