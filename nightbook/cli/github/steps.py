"""The steps that ``fetch`` and ``publish`` have in common."""

from pathlib import Path

from nightbook.github.archive import Archive
from nightbook.github.artifacts import list_artifacts
from nightbook.github.client import GitHubClient
from nightbook.github.collect import import_new_records, restore
from nightbook.github.connection import Connection
from nightbook.github.large_files import large_file_bytes
from nightbook.github.model import WorkflowArtifact
from nightbook.github.trust import Rules
from nightbook.record.render.plain_text import counted
from nightbook.settings import settings

_MB = 1_000_000


def restore_records(archive: Archive, runs: Path) -> None:
    """Copy the archived records that ``runs`` lacks, and print how many."""
    archive.update()
    print(f"{counted(restore(archive, runs), 'record')} restored from the branch {archive.branch}")


def download_records(client: GitHubClient, runs: Path, rules: Rules) -> list[WorkflowArtifact]:
    """Download the new records of all artifacts that the rules accept, and return all artifacts."""
    artifacts = list_artifacts(client)
    collected = import_new_records(client, runs, artifacts, rules)
    print(f"{counted(len(collected.added), 'new record')} in {counted(len(artifacts), 'artifact')}")
    return artifacts


def find_rules(connection: Connection, client: GitHubClient, run_id: int | None) -> Rules:
    """Return which artifacts count; ``run_id`` is a workflow run that counts although it is a fork's."""
    return Rules(
        repository_id=connection.repository_id or int(client.get("")["id"]),
        main_branch=settings().main_branch,
        current_run_id=connection.current_run_id,
        asked_run_id=run_id or 0,
    )


def print_size(runs: Path, budget_bytes: int) -> None:
    """Print how much of the budget for notebooks and files is used."""
    print(
        f"{large_file_bytes(runs) / _MB:.1f} MB of notebooks and files, of at most {budget_bytes / _MB:.1f}"
    )
