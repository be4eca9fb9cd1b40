"""``nightbook github publish``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.github.options import archive as archive_option
from nightbook.cli.github.options import fork_run_id, repository
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.github.connection import Connection


@click.command("publish", cls=Command, examples=("nightbook github publish",))
@repository
@archive_option
@fork_run_id
@options.runs
def run(*, connection: "Connection", archive: Path, run_id: int | None, runs: Path | None) -> int:
    """Download the records, and add the new ones to the branch of records.

    Of notebooks and files only as many stay in the folder of records as the site has room for.
    """
    from nightbook.cli.github.steps import download_records, find_rules, print_size, restore_records
    from nightbook.github.archive import Archive
    from nightbook.github.collect import restore
    from nightbook.github.errors import GitHubError
    from nightbook.github.large_files import delete_large_files, download_large_files, large_file_budget
    from nightbook.github.record_importer import fetched_records
    from nightbook.record.render.plain_text import counted

    if not connection.token:
        raise GitHubError("publishing needs a token: set GITHUB_TOKEN, such as that of `gh auth token`")
    chosen = options.use_project(runs=runs)
    client, branch = connection.client(), Archive(connection.git(archive), connection.remote)
    restore_records(branch, chosen.runs)
    artifacts = download_records(client, chosen.runs, find_rules(connection, client, run_id))
    added = branch.append([chosen.runs / name for name in fetched_records(chosen.runs)])
    print(f"{counted(len(added), 'record')} added to the branch {branch.branch}")
    restore(branch, chosen.runs)  # what others have added meanwhile
    budget_bytes = large_file_budget(chosen.runs, chosen.keep_files_bytes)
    download_large_files(client, chosen.runs, artifacts, budget_bytes)
    delete_large_files(chosen.runs, budget_bytes)
    print_size(chosen.runs, budget_bytes)
    return 0
