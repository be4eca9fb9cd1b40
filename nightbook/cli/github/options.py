"""The options that all commands for GitHub share: they name the repository, and make a connection to it."""

import logging
import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import click

from nightbook.cli.options import FOLDER
from nightbook.record.format.errors import NightbookError

archive = click.option(
    "--archive",
    type=FOLDER,
    metavar="DIR",
    default=Path("build/archive"),
    show_default=True,
    help="Checkout of the branch of records.",
)

fork_run_id = click.option(
    "--run-id", type=int, metavar="ID", help="Id of a workflow run to take although it is a fork's."
)


def repository(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options that name a repository to a command, which gets ``connection`` in their place."""

    @click.option("--repository", metavar="OWNER/NAME", help="Default: this checkout's.")
    @click.option("--api-url", metavar="URL", help="Default: GITHUB_API_URL, or GitHub's.")
    @click.option("--remote", metavar="URL", help="Git's address of the repository.")
    @wraps(command)
    def connected(
        *, repository: str | None, api_url: str | None, remote: str | None, **arguments: object
    ) -> int:
        logging.basicConfig(format="%(message)s", level=logging.INFO, stream=sys.stdout)
        try:
            from nightbook.github.connection import find_connection
        except ModuleNotFoundError as error:
            raise NightbookError(
                f"the package {error.name} is missing: install nightbook[github], as `make setup` does"
            ) from error
        connection = find_connection(os.environ, repository=repository, api_url=api_url, remote=remote)
        return command(connection=connection, **arguments)

    return connected
