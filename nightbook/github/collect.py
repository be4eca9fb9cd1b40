"""All records of a repository into one folder: from the archive for ever, from artifacts while they live."""

import logging
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import TypeVar

from nightbook.github.archive import Archive, copy_archived
from nightbook.github.client import Client
from nightbook.github.errors import GitHubError, UntrustedError
from nightbook.github.model import Artifact, parse_artifact
from nightbook.github.records import BULKY, Incoming, fetched_records
from nightbook.github.trust import Decision, Rules, Standing, find_candidate
from nightbook.record.read.origin import Origin
from nightbook.record.read.portable import files_of, is_compact
from nightbook.record.read.reader import find_runs

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
_DOWNLOADS = 8  # at once; GitHub allows 100 requests at once
_HOPELESS = (0, 401)  # no network, no valid token: the others would not be answered either
_MB = 1_000_000
_SITE_BYTES = 950 * _MB  # GitHub Pages serves 1 GB
_PAGES_OF_COMPACT = 1.5
_COPIES = 2


@dataclass(frozen=True, slots=True)
class Collected:
    """What a collection has come to. ``refused`` tells, for each artifact, why."""

    added: tuple[Path, ...]
    refused: Mapping[str, str]


def restore(archive: Archive, runs: Path) -> int:
    """Copy the archived records that are not in ``runs``; returns how many."""
    runs.mkdir(parents=True, exist_ok=True)
    missing = [record for record in find_runs(archive.runs) if not (runs / record.name).exists()]
    for record in missing:
        part = runs / ".incoming" / record.name
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        copy_archived(record, part)
        part.rename(runs / record.name)
    return len(missing)


def list_artifacts(client: Client) -> list[Artifact]:
    """The repository's artifacts, newest first, each once although the pages move while they are read."""
    found = (parse_artifact(each) for each in client.pages("/actions/artifacts", key="artifacts"))
    return list({artifact.artifact_id: artifact for artifact in found}.values())


def bring_new(client: Client, runs: Path, artifacts: Iterable[Artifact], rules: Rules) -> Collected:
    """Bring the trusted records that ``runs`` lacks. What is refused is told of, and stops nothing."""
    incoming = Incoming(client, runs)
    known = {origin.artifact_id for origin in fetched_records(runs).values()}
    new = [artifact for artifact in artifacts if artifact.artifact_id not in known]
    added, refused = [], {}

    def bring(artifact: Artifact) -> Path | Decision:
        candidate = find_candidate(artifact, rules)
        if isinstance(candidate, Decision):
            return candidate
        run, decision = incoming.decide(candidate, rules)
        return incoming.bring(artifact, run) if decision.accepted else decision

    for number, (artifact, result) in enumerate(_at_once(bring, new), 1):
        told = f"{number}/{len(new)} {artifact.name:.80}"
        if isinstance(result, Path):
            added.append(result)
            _LOG.info("%s: %s, %.1f MB", told, result.name, artifact.size_bytes / _MB)
        else:
            refused[f"{artifact.name:.80} ({artifact.artifact_id})"] = result.reason
            _LOG.info("%s: left out, because %s", told, result.reason)
    return Collected(tuple(sorted(added)), refused)


def bring_bulky(client: Client, runs: Path, artifacts: Iterable[Artifact], budget_bytes: int) -> None:
    """Bring the bulky files of fetched records whose artifacts live, newest first, within the budget.

    What is here already counts, and is never deleted.
    """
    incoming = Incoming(client, runs)
    live = {artifact.artifact_id: artifact for artifact in artifacts if not artifact.expired}
    origins, here = fetched_records(runs), _with_bulky(runs)
    can_be_had = {
        run_id: origin for run_id, origin in origins.items() if run_id in here or _is_live(origin, live)
    }
    missing = [run_id for run_id in _newest_within(can_be_had, budget_bytes) if run_id not in here]

    def bring(run_id: str) -> Path:
        return incoming.bring_bulky(runs / run_id, live[origins[run_id].artifact_id])

    for number, (run_id, result) in enumerate(_at_once(bring, missing), 1):
        told = result.reason if isinstance(result, Decision) else "here"
        _LOG.info("%d/%d files of %s: %s", number, len(missing), run_id, told)


def drop_bulky(runs: Path, budget_bytes: int) -> None:
    """Delete the bulky files of the oldest fetched records, so that the others' are within the budget.

    Records that were made here are left alone.
    """
    here = _with_bulky(runs)
    for run_id in here.keys() - set(_newest_within(here, budget_bytes)):
        shutil.rmtree(runs / run_id / BULKY)


def bulky_bytes(runs: Path) -> int:
    """How many bytes of bulky files there are of fetched records."""
    return sum(origin.bulky_bytes for origin in _with_bulky(runs).values())


def files_budget(runs: Path, keep_files_bytes: int) -> int:
    """How many bytes of bulky files may be kept, so that the site with them is no larger than Pages serves.

    A file is on the site by itself and in its run's record.zip, and a compact record with all its pages
    there takes 1.4 times its own size.
    """
    compact_bytes = sum(
        (runs / run_id / file).stat().st_size
        for run_id in fetched_records(runs)
        for file in files_of(runs / run_id)
        if is_compact(file)
    )
    left_bytes = _SITE_BYTES - compact_bytes * _PAGES_OF_COMPACT
    return max(0, int(min(keep_files_bytes, left_bytes))) // _COPIES


def _with_bulky(runs: Path) -> dict[str, Origin]:
    """The fetched records whose bulky files are here, oldest first."""
    fetched = fetched_records(runs).items()
    return {run_id: origin for run_id, origin in fetched if (runs / run_id / BULKY).is_dir()}


def _newest_within(origins: Mapping[str, Origin], budget_bytes: int) -> list[str]:
    """The newest records whose bulky files are within the budget together; the rest is older than they."""
    newest = sorted(origins, reverse=True)
    sums = accumulate(origins[run_id].bulky_bytes for run_id in newest)
    return [run_id for run_id, sum_bytes in zip(newest, sums, strict=True) if sum_bytes <= budget_bytes]


def _is_live(origin: Origin, live: Mapping[int, Artifact]) -> bool:
    """Whether the artifact that a record came from is still there, unchanged."""
    artifact = live.get(origin.artifact_id)
    return artifact is not None and artifact.digest == origin.artifact_digest


def _at_once(
    action: Callable[[_T], Path | Decision], items: Sequence[_T]
) -> Iterator[tuple[_T, Path | Decision]]:
    """Each item with what the action returned, or with why it could not be done; several at once."""

    def attempt(item: _T) -> Path | Decision:
        try:
            return action(item)
        except (UntrustedError, GitHubError) as error:
            if isinstance(error, GitHubError) and error.status in _HOPELESS:
                raise
            return Decision(Standing.REFUSED, str(error))

    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        try:
            yield from zip(items, pool.map(attempt, items), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)
