"""What the commands do. Each takes the options and the connection, and returns the exit code."""

from argparse import Namespace

from tasks import settings
from tasks.github.archive import Archive
from tasks.github.client import Client
from tasks.github.collect import bring_new, files_budget, keep_bulky, list_artifacts, restore
from tasks.github.comment import Shown, comment_text, find_pull_request, post_comment, shown_of
from tasks.github.connection import Connection
from tasks.github.doctor.examination import examine
from tasks.github.doctor.findings import State
from tasks.github.errors import GitHubError, UntrustedError
from tasks.github.model import WorkflowRun, parse_workflow_run
from tasks.github.records import Incoming, fetched_records, find_record
from tasks.github.trust import Rules
from tasks.runlog.gate import comparable, judge, result_of
from tasks.runlog.reader import find_runs, newest_runs, read_run
from tasks.runlog.render.plain_text import counted

_SYMBOLS = {State.OK: "✓", State.TO_DO: "✗", State.NOT_CHECKED: "?"}
_MB = 1_000_000


def fetch(options: Namespace, connection: Connection) -> int:
    """Bring all records that can be had to the folder of records."""
    return _collect(options, connection, publishes=False)


def publish(options: Namespace, connection: Connection) -> int:
    """The same, and add the new ones to the archive."""
    return _collect(options, connection, publishes=True)


def history(options: Namespace, connection: Connection) -> int:
    """Bring the archive alone, for the gate; an empty folder if there is none yet."""
    archive = Archive(connection.git(options.archive), connection.remote)
    archive.update()
    print(f"{counted(len(find_runs(archive.runs)), 'archived record')} in {archive.runs}")
    return 0


def comment(options: Namespace, connection: Connection) -> int:
    """Write what the workflow run says of its pull request there; nothing if the branch has moved on."""
    client = connection.client()
    run = parse_workflow_run(client.get(f"/actions/runs/{options.run_id}/attempts/{options.attempt}"))
    pull_request = find_pull_request(client, run)
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
    findings = examine(connection.client(), url, chosen.main_branch, chosen.keep_files_bytes / _MB)
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


def _collect(options: Namespace, connection: Connection, *, publishes: bool) -> int:
    chosen = settings.settings()
    runs, client = options.runs or chosen.runs, connection.client()
    archive = Archive(connection.git(options.archive), connection.remote)
    archive.update()
    print(f"{counted(restore(archive, runs), 'record')} restored from the branch {archive.branch}")
    if not connection.token:
        print("note: GitHub gives notebooks and files only for a token: GITHUB_TOKEN=$(gh auth token)")
        return 0
    artifacts = list_artifacts(client)
    collected = bring_new(client, runs, artifacts, _rules(options, connection, client))
    print(f"{counted(len(collected.added), 'new record')} in {counted(len(artifacts), 'artifact')}")
    if publishes:
        added = archive.append([runs / run_id for run_id in fetched_records(runs)])
        print(f"{counted(len(added), 'record')} added to the branch {archive.branch}")
        restore(archive, runs)  # what others have added meanwhile
    budget_bytes = files_budget(runs, chosen.keep_files_bytes)
    kept_bytes = keep_bulky(client, runs, artifacts, budget_bytes)
    print(f"{kept_bytes / _MB:.1f} MB of notebooks and files, of at most {budget_bytes / _MB:.1f}")
    return 0


def _rules(options: Namespace, connection: Connection, client: Client) -> Rules:
    return Rules(
        repository_id=connection.repository_id or int(client.get("")["id"]),
        main_branch=settings.settings().main_branch,
        current_run_id=connection.current_run_id,
        asked_run_id=options.run_id or 0,
    )


def _shown(options: Namespace, connection: Connection, client: Client, run: WorkflowRun) -> Shown | None:
    """What may be shown of the record that the workflow run left; None if there is none."""
    chosen = settings.settings()
    archive = Archive(connection.git(options.archive), connection.remote)
    archive.update()
    artifact = find_record(client, run)
    if artifact is None:
        return None
    incoming = Incoming(client, options.archive)
    try:
        with incoming.unpacked(artifact) as record:
            recorded = read_run(record)
    except (UntrustedError, GitHubError) as error:
        print(f"the record cannot be shown: {error}")
        return None
    result = result_of(recorded)
    past = comparable(result, map(result_of, newest_runs(archive.runs)), chosen.main_branch)
    return shown_of(recorded, judge(result, past, chosen.goals), past)
