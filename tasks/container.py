"""The entry point of the containers: ``python -m tasks.container COMMAND ...``.

A container that starts as root becomes the owner of ``runs/`` and then the command, so that records
belong to the user who called ``docker compose up``, whatever that user's number is. A container that
starts as another user just becomes the command.
"""

import os
import sys
from pathlib import Path


def main() -> None:
    """Give up root for the owner of ``runs/``, then become the command."""
    if os.geteuid() == 0:
        _become(Path("runs").stat())
    os.execvp(sys.argv[1], sys.argv[1:])  # noqa: S606 the container's own command


def _become(owner: os.stat_result) -> None:
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


if __name__ == "__main__":
    main()
