"""``nightbook github fetch``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.github.options import archive as archive_option
from nightbook.cli.github.options import fork_run_id, repository
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.github.connection import Connection


@click.command("fetch", cls=Command, examples=("nightbook github fetch --repository owner/name",))
@repository
@archive_option
@fork_run_id
@options.runs
def run(*, connection: "Connection", archive: Path, run_id: int | None, runs: Path | None) -> int:
    """Download a repository's records to this machine; no record that is here is deleted."""
    from nightbook.cli.github.steps import download_records, find_rules, print_size, restore_records
    from nightbook.github.archive import Archive
    from nightbook.github.large_files import download_large_files

    chosen = options.use_project(runs=runs)
    client = connection.client()
    restore_records(Archive(connection.git(archive), connection.remote), chosen.runs)
    if not connection.token:
        print("note: GitHub gives notebooks and files only for a token: GITHUB_TOKEN=$(gh auth token)")
        return 0
    artifacts = download_records(client, chosen.runs, find_rules(connection, client, run_id))
    download_large_files(client, chosen.runs, artifacts, chosen.keep_files_bytes)
    print_size(chosen.runs, chosen.keep_files_bytes)
    return 0
