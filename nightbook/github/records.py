"""One record from an artifact into the folder of records: looked up, downloaded, checked, put in place."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightbook.github.client import Client
from nightbook.github.errors import UntrustedError
from nightbook.github.model import (
    Artifact,
    WorkflowRun,
    parse_artifact,
    parse_pull_request,
    parse_workflow_run,
)
from nightbook.github.trust import MAX_ARTIFACT_BYTES, Candidate, Decision, Rules, decide, find_candidate
from nightbook.github.unpack import unpack_record
from nightbook.record.read.origin import Origin, read_origin, write_origin
from nightbook.record.read.portable import files_of, is_compact
from nightbook.record.read.reader import find_runs

MAX_COMPACT_BYTES = 10_000_000
BULKY = "tasks"  # the folder of a record that its compact form is without


@dataclass(frozen=True, slots=True)
class Incoming:
    """Where records arrive; ``runs`` is the folder of records, and ``workplace`` one within it."""

    client: Client
    runs: Path

    @property
    def workplace(self) -> Path:
        """Downloads, whole or in part, and what is being unpacked."""
        return self.runs / ".incoming"

    def decide(self, candidate: Candidate, rules: Rules) -> tuple[WorkflowRun, Decision]:
        """What becomes of the candidate, by the attempt of the workflow run that made it."""
        found = self.client.get(f"/actions/runs/{candidate.maker.run_id}/attempts/{candidate.attempt}")
        run = parse_workflow_run(found)
        return run, decide(candidate, run, rules)

    def bring(self, artifact: Artifact, run: WorkflowRun) -> Path:
        """The folder of a record that was not here yet. UntrustedError if it is refused."""
        with self.unpacked(artifact) as record:
            target = self.runs / record.name
            compact_bytes = _size_bytes(record, compact=True)
            if compact_bytes > MAX_COMPACT_BYTES:
                raise UntrustedError(
                    f"its spans and reports have {compact_bytes:,} bytes, and at most {MAX_COMPACT_BYTES:,} "
                    "are kept for ever: log less, or large things as artifacts"
                )
            write_origin(record, self._origin(artifact, run, _size_bytes(record, compact=False)))
            try:
                record.rename(target)
            except OSError as error:
                raise UntrustedError(f"a record of the run {target.name} is already here") from error
        return target

    def bring_bulky(self, record: Path, artifact: Artifact) -> Path:
        """The compact record with its notebooks and files. UntrustedError if they are another's."""
        with self.unpacked(artifact) as whole:
            if whole.name != record.name:
                raise UntrustedError(f"it holds the run {whole.name}, not {record.name}")
            (whole / BULKY).rename(record / BULKY)
        return record

    @contextmanager
    def unpacked(self, artifact: Artifact) -> Iterator[Path]:
        """The folder with the artifact's record while the context is open; its digest was checked."""
        file = self.workplace / f"artifact-{artifact.artifact_id}.zip"
        folder = self.workplace / str(artifact.artifact_id)
        self.client.download(f"/actions/artifacts/{artifact.artifact_id}/zip", file, MAX_ARTIFACT_BYTES)
        try:
            with file.open("rb") as content:
                digest = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
            if digest != artifact.digest:
                raise UntrustedError(f"its digest is {digest}, and GitHub says {artifact.digest}")
            shutil.rmtree(folder, ignore_errors=True)  # of a fetch that was killed
            yield unpack_record(file, folder)
        finally:
            file.unlink()
            shutil.rmtree(folder, ignore_errors=True)

    def _origin(self, artifact: Artifact, run: WorkflowRun, bulky_bytes: int) -> Origin:
        return Origin(
            repository_url=run.url.partition("/actions/")[0],
            branch=f"{run.head_owner}:{run.head_branch}" if run.is_fork else run.head_branch,
            revision=run.head_sha,
            event=run.event,
            actor=run.actor,
            pull_request=find_pull_request_number(self.client, run) if run.event == "pull_request" else "",
            workflow=run.workflow,
            workflow_run_url=run.url,
            workflow_run_id=run.run_id,
            attempt=run.attempt,
            artifact_id=artifact.artifact_id,
            artifact_digest=artifact.digest,
            bulky_bytes=bulky_bytes,
        )


def find_record(client: Client, run: WorkflowRun) -> Artifact | None:
    """The artifact with the record of a workflow run, by whomever it was made; None if there is none."""
    rules = Rules(repository_id=run.repository_id, asked_run_id=run.run_id)
    for found in client.pages(f"/actions/runs/{run.run_id}/artifacts", key="artifacts"):
        candidate = find_candidate(parse_artifact(found), rules)
        if isinstance(candidate, Candidate) and (candidate.maker.run_id, candidate.attempt) == (
            run.run_id,
            run.attempt,
        ):
            return candidate.artifact
    return None


def find_pull_request_number(client: Client, run: WorkflowRun) -> str:
    """The number of the newest pull request from the run's branch; empty if there is none.

    GitHub's own list in the workflow run is empty for forks.
    """
    head = f"{run.head_owner}:{run.head_branch}"
    for found in client.pages("/pulls", head=head, state="all", sort="created", direction="desc"):
        pull_request = parse_pull_request(found)
        if pull_request.head_repository_id == run.head_repository_id:
            return str(pull_request.number)
    return ""


def fetched_records(runs: Path) -> dict[str, Origin]:
    """Where the records in ``runs`` that came from GitHub come from, by run id, oldest first."""
    found = ((record.name, read_origin(record)) for record in find_runs(runs))
    return {run_id: origin for run_id, origin in found if origin}


def _size_bytes(record: Path, *, compact: bool) -> int:
    return sum((record / file).stat().st_size for file in files_of(record) if is_compact(file) is compact)
