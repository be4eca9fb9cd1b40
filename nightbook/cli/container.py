"""The entry point of the containers: ``python -m nightbook.cli.container COMMAND ...``.

A container that starts as root becomes the owner of ``runs/`` and then the command, so that records
belong to the user who called ``docker compose up``, whatever that user's number is. A container that
starts as another user just becomes the command.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

_NOT_FOUND = 127  # as shells have it


def main() -> int:
    """Give up root for the owner of ``runs/``, then become the command; returns only if it cannot."""
    runs = Path("runs").absolute()
    if not runs.is_dir():
        print(f"error: there is no folder {runs}: mount one, with `-v ./runs:{runs}`", file=sys.stderr)
        return _NOT_FOUND
    owner = runs.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        with suppress(PermissionError):  # root without SETUID: what it may not write, it is told
            _become(owner)
    if not os.access(runs, os.W_OK):
        print(_advice(runs, owner), file=sys.stderr, flush=True)
    try:
        os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 the container's own command
    except (IndexError, OSError) as error:
        print(f"error: the container has no such command: {sys.argv[1:]} ({error})", file=sys.stderr)
        return _NOT_FOUND


def _become(owner: os.stat_result) -> None:
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


def _advice(runs: Path, owner: os.stat_result) -> str:
    """Not an error: `list` and `show` only read."""
    return (
        f"note: user {os.geteuid()} cannot write to {runs}, which belongs to user {owner.st_uid}: "
        'run the container with --user "$(id -u):$(id -g)", and mount a folder of yours there, '
        "not read-only"
    )


if __name__ == "__main__":
    sys.exit(main())
