"""The notebooks and files of fetched records: downloaded and deleted, so that the newest fit a budget.

A record that was made on this machine is never touched.
"""

import logging
import shutil
from collections.abc import Iterable, Mapping
from itertools import accumulate
from pathlib import Path

from nightbook.github.client import GitHubClient
from nightbook.github.model import WorkflowArtifact
from nightbook.github.parallel import run_in_parallel
from nightbook.github.record_importer import LARGE_FILES, RecordImporter, fetched_records
from nightbook.github.trust import Decision
from nightbook.record.read.origin import Origin
from nightbook.record.read.portable import files_of, is_compact

_LOG = logging.getLogger(__name__)
# GitHub Pages serves 1 GB. The estimate below is not exact to the last file, so 5 % of it stay free.
MAX_SITE_BYTES = 950_000_000
_PAGES_PER_COMPACT_BYTE = 1.5  # measured: a compact record and all its pages take 1.4 times its size
_COPIES = 2  # a file is on the site by itself, and once more in the record.zip of its run


def download_large_files(
    client: GitHubClient, runs: Path, artifacts: Iterable[WorkflowArtifact], budget_bytes: int
) -> None:
    """Download the files of the newest records, as long as their artifacts exist and the budget lasts.

    Files that are already here count towards the budget, and are never deleted.
    """
    importer = RecordImporter(client, runs)
    live = {artifact.artifact_id: artifact for artifact in artifacts if not artifact.expired}
    origins, present = fetched_records(runs), _with_large_files(runs)
    available = {
        run_id: origin for run_id, origin in origins.items() if run_id in present or _is_live(origin, live)
    }
    missing = [run_id for run_id in _newest_within(available, budget_bytes) if run_id not in present]

    def download(run_id: str) -> Path:
        return importer.import_large_files(runs / run_id, live[origins[run_id].artifact_id])

    for number, (run_id, result) in enumerate(run_in_parallel(download, missing), 1):
        outcome = f"skipped, because {result.reason}" if isinstance(result, Decision) else "downloaded"
        _LOG.info("%d/%d files of %s: %s", number, len(missing), run_id, outcome)


def delete_large_files(runs: Path, budget_bytes: int) -> None:
    """Delete the files of the oldest fetched records, so that those of the others are within the budget."""
    present = _with_large_files(runs)
    for run_id in present.keys() - set(_newest_within(present, budget_bytes)):
        shutil.rmtree(runs / run_id / LARGE_FILES)


def large_file_bytes(runs: Path) -> int:
    """Return the size of the notebooks and files that fetched records have here."""
    return sum(origin.bulky_bytes for origin in _with_large_files(runs).values())


def large_file_budget(runs: Path, keep_files_bytes: int) -> int:
    """Return how many bytes of files may be kept, so that GitHub Pages serves the site with all of them."""
    compact_bytes = sum(
        (runs / run_id / file).stat().st_size
        for run_id in fetched_records(runs)
        for file in files_of(runs / run_id)
        if is_compact(file)
    )
    left_bytes = MAX_SITE_BYTES - compact_bytes * _PAGES_PER_COMPACT_BYTE
    return max(0, int(min(keep_files_bytes, left_bytes))) // _COPIES


def _with_large_files(runs: Path) -> dict[str, Origin]:
    """Return the origins of the fetched records whose files are here, oldest first."""
    fetched = fetched_records(runs).items()
    return {run_id: origin for run_id, origin in fetched if (runs / run_id / LARGE_FILES).is_dir()}


def _newest_within(origins: Mapping[str, Origin], budget_bytes: int) -> list[str]:
    """Return the ids of the newest records whose files together are within the budget."""
    newest = sorted(origins, reverse=True)
    sums = accumulate(origins[run_id].bulky_bytes for run_id in newest)
    return [run_id for run_id, sum_bytes in zip(newest, sums, strict=True) if sum_bytes <= budget_bytes]


def _is_live(origin: Origin, live: Mapping[int, WorkflowArtifact]) -> bool:
    """Return True if the artifact that a record came from still exists, unchanged."""
    artifact = live.get(origin.artifact_id)
    return artifact is not None and artifact.digest == origin.artifact_digest
