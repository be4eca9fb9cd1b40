"""``nightbook github doctor``."""

from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.github.options import repository
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.github.connection import Connection


@click.command("doctor", cls=Command, examples=("nightbook github doctor --repository owner/name",))
@repository
def run(*, connection: "Connection") -> int:
    """List the settings on GitHub that are still to be made, and the page of each.

    The exit code is 1 if there are any.
    """
    from nightbook.github.doctor.checks import check_repository
    from nightbook.github.doctor.findings import State

    chosen = options.use_project()
    url = f"{connection.server_url}/{connection.repository}"
    findings = check_repository(connection.client(), url, chosen.main_branch, chosen.keep_files_bytes)
    symbols = {State.OK: "✓", State.TO_DO: "✗", State.NOT_CHECKED: "?"}
    for finding in findings:
        print(f"{symbols[finding.state]} {finding.what}: {finding.seen}")
        if finding.path:
            print(f"    {finding.path}")
    to_do, unseen = (
        sum(finding.state is state for finding in findings) for state in (State.TO_DO, State.NOT_CHECKED)
    )
    hint = ": a token of the repository's owner may see more" if unseen else ""
    print(f"{to_do} to do, {unseen} not checked{hint}")
    return 1 if to_do else 0
