"""``nightbook github newest``."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli.github.options import archive as archive_option
from nightbook.cli.github.options import repository
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.github.connection import Connection


@click.command("newest", cls=Command, examples=("nightbook github newest",))
@repository
@archive_option
def run(*, connection: "Connection", archive: Path) -> int:
    """Say if the site that was just built has all archived records, so that it may be deployed.

    The answer is also the output `newest` of the workflow's step.
    """
    from nightbook.github.archive import Archive

    is_newest = Archive(connection.git(archive), connection.remote).is_newest()
    print(
        "this is the newest site" if is_newest else "others have archived more: the site is theirs to deploy"
    )
    with Path(os.environ.get("GITHUB_OUTPUT", os.devnull)).open("a", encoding="utf-8") as outputs:
        outputs.write(f"newest={str(is_newest).lower()}\n")
    return 0
