"""``nightbook github comment``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.github.options import archive as archive_option
from nightbook.cli.github.options import repository
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.github.comment import CommentContent
    from nightbook.github.connection import Connection
    from nightbook.github.model import WorkflowArtifact
    from nightbook.settings import Settings


@click.command("comment", cls=Command, examples=("nightbook github comment --run-id 123456 --attempt 1",))
@repository
@archive_option
@click.option("--run-id", type=int, metavar="ID", required=True, help="Id of the workflow run.")
@click.option("--attempt", type=int, metavar="N", required=True, help="Attempt of the workflow run.")
def run(*, connection: "Connection", archive: Path, run_id: int, attempt: int) -> int:
    """Comment on a pull request with the result of its workflow run; not if the branch has moved on."""
    from nightbook.github.artifacts import find_record
    from nightbook.github.comment import comment_text, post_comment
    from nightbook.github.model import parse_workflow_run
    from nightbook.github.pull_requests import find_pull_request

    chosen = options.use_project()
    client = connection.client()
    workflow_run = parse_workflow_run(client.get(f"/actions/runs/{run_id}/attempts/{attempt}"))
    pull_request = find_pull_request(client, workflow_run, only_current=True)
    if pull_request is None:
        print(
            f"no comment: no open pull request is at the commit {workflow_run.head_sha} "
            f"of the run {workflow_run.run_id}"
        )
        return 0
    artifact = find_record(client, workflow_run)
    content = _read_content(artifact, connection, archive, chosen) if artifact else None
    done = post_comment(client, pull_request, comment_text(workflow_run, content))
    print(f"comment {done} in pull request {pull_request.number}")
    return 0


def _read_content(
    artifact: "WorkflowArtifact", connection: "Connection", folder: Path, chosen: "Settings"
) -> "CommentContent | None":
    """Return the part of a record that the comment shows, or None if the record cannot be trusted or read."""
    from nightbook.github.archive import Archive
    from nightbook.github.comment import comment_content
    from nightbook.github.errors import GitHubError, UntrustedError
    from nightbook.github.record_importer import RecordImporter
    from nightbook.record.gate import comparable, judge, metrics_of
    from nightbook.record.read.reader import newest_runs, read_run

    archive = Archive(connection.git(folder), connection.remote)
    archive.update()
    try:
        with RecordImporter(connection.client(), folder).unpacked(artifact) as record:
            recorded = read_run(record)
    except (UntrustedError, GitHubError) as error:
        print(f"the record cannot be shown: {error}")
        return None
    result = metrics_of(recorded)
    past = comparable(result, map(metrics_of, newest_runs(archive.runs)), chosen.main_branch)
    return comment_content(recorded, judge(result, past, chosen.goals), past)
