"""All records of a repository in one folder: from the archive and, while they exist, from artifacts."""

import logging
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nightbook.github.archive import Archive, copy_archived
from nightbook.github.client import GitHubClient
from nightbook.github.model import WorkflowArtifact
from nightbook.github.parallel import run_in_parallel
from nightbook.github.record_importer import RecordImporter, fetched_records
from nightbook.github.trust import Decision, Rules, find_candidate
from nightbook.record.read.reader import find_runs

_LOG = logging.getLogger(__name__)
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Collected:
    """The folders of the new records, and for each refused artifact the reason."""

    added: tuple[Path, ...]
    refused: Mapping[str, str]


def restore(archive: Archive, runs: Path) -> int:
    """Copy the archived records that are missing in ``runs``. Return how many these were."""
    runs.mkdir(parents=True, exist_ok=True)
    missing = [record for record in find_runs(archive.runs) if not (runs / record.name).exists()]
    for record in missing:
        part = runs / ".incoming" / record.name
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        copy_archived(record, part)
        part.rename(runs / record.name)
    return len(missing)


def import_new_records(
    client: GitHubClient, runs: Path, artifacts: Iterable[WorkflowArtifact], rules: Rules
) -> Collected:
    """Download the trusted records that are missing in ``runs``. A refused one is logged and skipped."""
    importer = RecordImporter(client, runs)
    known = {origin.artifact_id for origin in fetched_records(runs).values()}
    new = [artifact for artifact in artifacts if artifact.artifact_id not in known]
    added, refused = [], {}

    def import_one(artifact: WorkflowArtifact) -> Path | Decision:
        candidate = find_candidate(artifact, rules)
        if isinstance(candidate, Decision):
            return candidate
        run, decision = importer.decide(candidate, rules)
        return importer.import_record(artifact, run) if decision.accepted else decision

    for number, (artifact, result) in enumerate(run_in_parallel(import_one, new), 1):
        progress = f"{number}/{len(new)} {artifact.name:.80}"
        if isinstance(result, Path):
            added.append(result)
            _LOG.info("%s: %s, %.1f MB", progress, result.name, artifact.size_bytes / _MB)
        else:
            refused[f"{artifact.name:.80} ({artifact.artifact_id})"] = result.reason
            _LOG.info("%s: skipped, because %s", progress, result.reason)
    return Collected(tuple(sorted(added)), refused)
