"""``nightbook container``, the entry point of the images: ``python -m nightbook.cli.container COMMAND ...``.

A container that starts as root becomes the owner of ``runs/`` and then the command, so that records
belong to the user who called ``docker compose up``, whatever that user's number is. A container that
starts as another user just becomes the command.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path

import click

from nightbook.cli.lazy_group import Command

_NOT_FOUND = 127  # as shells have it


@click.command(
    "container",
    cls=Command,
    examples=("nightbook container nightbook run",),
    hidden=True,
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
)
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def run(*, command: tuple[str, ...]) -> int:
    """Become the owner of runs/, if started as root, and then the command."""
    return become(command)


def become(command: tuple[str, ...]) -> int:
    """Give up root for the owner of ``runs/``, then become the command; return only if that fails."""
    runs = Path("runs").absolute()
    if not runs.is_dir():
        print(f"error: there is no folder {runs}: mount one, with `-v ./runs:{runs}`", file=sys.stderr)
        return _NOT_FOUND
    owner = runs.stat()
    if os.geteuid() == 0 and owner.st_uid != 0:
        with suppress(PermissionError):  # root without SETUID: the advice below says what it cannot write
            _become_user(owner)
    if not os.access(runs, os.W_OK):
        print(_advice(runs, owner), file=sys.stderr, flush=True)
    try:
        os.execvp(command[0], command)  # noqa: S606 the container's own command
    except (IndexError, OSError) as error:
        print(f"error: the container has no such command: {list(command)} ({error})", file=sys.stderr)
        return _NOT_FOUND


def _become_user(owner: os.stat_result) -> None:
    os.setgroups([])
    os.setgid(owner.st_gid)
    os.setuid(owner.st_uid)


def _advice(runs: Path, owner: os.stat_result) -> str:
    """Return a note, not an error: `list` and `show` only read."""
    return (
        f"note: user {os.geteuid()} cannot write to {runs}, which belongs to user {owner.st_uid}: "
        'run the container with --user "$(id -u):$(id -g)", and mount a folder of yours there, '
        "not read-only"
    )


if __name__ == "__main__":
    sys.exit(become(tuple(sys.argv[1:])))
