"""What the commands do. Each takes the options and the connection, and returns the exit code."""

import os
from argparse import Namespace
from pathlib import Path

from nightbook import settings
from nightbook.github.archive import Archive
from nightbook.github.artifacts import find_record, list_artifacts
from nightbook.github.client import GitHubClient
from nightbook.github.collect import import_new_records, restore
from nightbook.github.comment import CommentContent, comment_content, comment_text, post_comment
from nightbook.github.connection import Connection
from nightbook.github.doctor.checks import check_repository
from nightbook.github.doctor.findings import State
from nightbook.github.errors import GitHubError, UntrustedError
from nightbook.github.large_files import (
    delete_large_files,
    download_large_files,
    large_file_budget,
    large_file_bytes,
)
from nightbook.github.model import WorkflowArtifact, WorkflowRun, parse_workflow_run
from nightbook.github.pull_requests import find_pull_request
from nightbook.github.record_importer import RecordImporter, fetched_records
from nightbook.github.trust import Rules
from nightbook.record.gate import comparable, judge, result_of
from nightbook.record.read.reader import find_runs, newest_runs, read_run
from nightbook.record.render.plain_text import counted

_SYMBOLS = {State.OK: "✓", State.TO_DO: "✗", State.NOT_CHECKED: "?"}
_MB = 1_000_000


def fetch(options: Namespace, connection: Connection) -> int:
    """Bring all records that can be had to the folder of records; nothing that is there is deleted."""
    runs, client, archive = _places(options, connection)
    _restore(archive, runs)
    if not connection.token:
        print("note: GitHub gives notebooks and files only for a token: GITHUB_TOKEN=$(gh auth token)")
        return 0
    artifacts = _bring_new(options, connection, client, runs)
    budget_bytes = settings.settings().keep_files_bytes
    download_large_files(client, runs, artifacts, budget_bytes)
    _tell_bulky(runs, budget_bytes)
    return 0


def publish(options: Namespace, connection: Connection) -> int:
    """Bring them, add the new ones to the archive, and keep only as many files as the site has room for."""
    if not connection.token:
        raise GitHubError("to publish takes a token: set GITHUB_TOKEN, for example to `gh auth token`'s")
    runs, client, archive = _places(options, connection)
    _restore(archive, runs)
    artifacts = _bring_new(options, connection, client, runs)
    added = archive.append([runs / run_id for run_id in fetched_records(runs)])
    print(f"{counted(len(added), 'record')} added to the branch {archive.branch}")
    restore(archive, runs)  # what others have added meanwhile
    budget_bytes = large_file_budget(runs, settings.settings().keep_files_bytes)
    download_large_files(client, runs, artifacts, budget_bytes)
    delete_large_files(runs, budget_bytes)
    _tell_bulky(runs, budget_bytes)
    return 0


def history(options: Namespace, connection: Connection) -> int:
    """Bring the archive alone, for the gate; an empty folder if there is none yet."""
    archive = Archive(connection.git(options.archive), connection.remote)
    archive.update()
    print(f"{counted(len(find_runs(archive.runs)), 'archived record')} in {archive.runs}")
    return 0


def newest(options: Namespace, connection: Connection) -> int:
    """Tell the workflow whether the archive has no record that the site, just built, is without."""
    is_newest = Archive(connection.git(options.archive), connection.remote).is_newest()
    print(
        "this is the newest site" if is_newest else "others have archived more: the site is theirs to deploy"
    )
    with Path(os.environ.get("GITHUB_OUTPUT", os.devnull)).open("a", encoding="utf-8") as outputs:
        outputs.write(f"newest={str(is_newest).lower()}\n")
    return 0


def comment(options: Namespace, connection: Connection) -> int:
    """Write what the workflow run says of its pull request there; nothing if the branch has moved on."""
    client = connection.client()
    run = parse_workflow_run(client.get(f"/actions/runs/{options.run_id}/attempts/{options.attempt}"))
    pull_request = find_pull_request(client, run, only_current=True)
    if pull_request is None:
        print(f"no comment: no open pull request is at the commit {run.head_sha} of the run {run.run_id}")
        return 0
    shown = _shown(options, connection, client, run)
    done = post_comment(client, pull_request, comment_text(run, shown))
    print(f"comment {done} in pull request {pull_request.number}")
    return 0


def doctor(_options: Namespace, connection: Connection) -> int:
    """Tell what is not set up yet; 1 if anything."""
    chosen = settings.settings()
    url = f"{connection.server_url}/{connection.repository}"
    findings = check_repository(connection.client(), url, chosen.main_branch, chosen.keep_files_bytes)
    for finding in findings:
        print(f"{_SYMBOLS[finding.state]} {finding.what}: {finding.seen}")
        if finding.path:
            print(f"    {finding.path}")
    to_do, unseen = (
        sum(finding.state is state for finding in findings) for state in (State.TO_DO, State.NOT_CHECKED)
    )
    hint = ": a token of the repository's owner may see more" if unseen else ""
    print(f"{to_do} to do, {unseen} not checked{hint}")
    return 1 if to_do else 0


def _places(options: Namespace, connection: Connection) -> tuple[Path, GitHubClient, Archive]:
    """The folder of records, the API, and the archive as it is now."""
    archive = Archive(connection.git(options.archive), connection.remote)
    archive.update()
    return options.runs or settings.settings().runs, connection.client(), archive


def _restore(archive: Archive, runs: Path) -> None:
    print(f"{counted(restore(archive, runs), 'record')} restored from the branch {archive.branch}")


def _bring_new(
    options: Namespace, connection: Connection, client: GitHubClient, runs: Path
) -> list[WorkflowArtifact]:
    """All artifacts, after the new records among them were brought."""
    artifacts = list_artifacts(client)
    collected = import_new_records(client, runs, artifacts, _rules(options, connection, client))
    print(f"{counted(len(collected.added), 'new record')} in {counted(len(artifacts), 'artifact')}")
    return artifacts


def _tell_bulky(runs: Path, budget_bytes: int) -> None:
    print(
        f"{large_file_bytes(runs) / _MB:.1f} MB of notebooks and files, of at most {budget_bytes / _MB:.1f}"
    )


def _rules(options: Namespace, connection: Connection, client: GitHubClient) -> Rules:
    return Rules(
        repository_id=connection.repository_id or int(client.get("")["id"]),
        main_branch=settings.settings().main_branch,
        current_run_id=connection.current_run_id,
        asked_run_id=options.run_id or 0,
    )


def _shown(
    options: Namespace, connection: Connection, client: GitHubClient, run: WorkflowRun
) -> CommentContent | None:
    """What may be shown of the record that the workflow run left; None if there is none."""
    chosen = settings.settings()
    archive = Archive(connection.git(options.archive), connection.remote)
    archive.update()
    artifact = find_record(client, run)
    if artifact is None:
        return None
    importer = RecordImporter(client, options.archive)
    try:
        with importer.unpacked(artifact) as record:
            recorded = read_run(record)
    except (UntrustedError, GitHubError) as error:
        print(f"the record cannot be shown: {error}")
        return None
    result = result_of(recorded)
    past = comparable(result, map(result_of, newest_runs(archive.runs)), chosen.main_branch)
    return comment_content(recorded, judge(result, past, chosen.goals), past)
