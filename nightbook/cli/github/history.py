"""``nightbook github history``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli.github.options import archive as archive_option
from nightbook.cli.github.options import repository
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.github.connection import Connection


@click.command("history", cls=Command, examples=("nightbook github history",))
@repository
@archive_option
def run(*, connection: "Connection", archive: Path) -> int:
    """Download the branch of records alone, for the gate; without such a branch, make an empty folder."""
    from nightbook.github.archive import Archive
    from nightbook.record.read.reader import find_runs
    from nightbook.record.render.plain_text import counted

    branch = Archive(connection.git(archive), connection.remote)
    branch.update()
    print(f"{counted(len(find_runs(branch.runs)), 'archived record')} in {branch.runs}")
    return 0
