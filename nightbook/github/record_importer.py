"""Import of one record: download its artifact, check it, and move it into the folder of records."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from nightbook.github.client import GitHubClient
from nightbook.github.errors import UntrustedError
from nightbook.github.model import WorkflowArtifact, WorkflowRun, parse_workflow_run
from nightbook.github.pull_requests import find_pull_request
from nightbook.github.trust import MAX_ARTIFACT_BYTES, Candidate, Decision, Rules, decide
from nightbook.github.unpack import unpack_record
from nightbook.record.read.origin import Origin, read_origin, write_origin
from nightbook.record.read.portable import files_of, is_compact
from nightbook.record.read.reader import find_runs

MAX_COMPACT_BYTES = 10_000_000
LARGE_FILES = "tasks"  # the folder of notebooks and files, which a compact record lacks


@dataclass(frozen=True, slots=True)
class RecordImporter:
    """Imports records into the folder ``runs``."""

    client: GitHubClient
    runs: Path

    @property
    def workplace(self) -> Path:
        """The folder of whole and partial downloads, and of records while they are unpacked."""
        return self.runs / ".incoming"

    def decide(self, candidate: Candidate, rules: Rules) -> tuple[WorkflowRun, Decision]:
        """Return the attempt of the workflow run that made the candidate, and the decision about it."""
        path = f"/actions/runs/{candidate.source_run.run_id}/attempts/{candidate.attempt}"
        run = parse_workflow_run(self.client.get(path))
        return run, decide(candidate, run, rules)

    def import_record(self, artifact: WorkflowArtifact, run: WorkflowRun) -> Path:
        """Download a record and return its folder. Raise UntrustedError if it is refused."""
        with self.unpacked(artifact) as record:
            target = self.runs / record.name
            compact_bytes = _size_bytes(record, compact=True)
            if compact_bytes > MAX_COMPACT_BYTES:
                raise UntrustedError(
                    f"its spans and reports have {compact_bytes:,} bytes, and at most {MAX_COMPACT_BYTES:,} "
                    "are kept for ever: log less, or log large things as artifacts"
                )
            write_origin(record, self._origin(artifact, run, _size_bytes(record, compact=False)))
            try:
                record.rename(target)
            except OSError as error:
                raise UntrustedError(f"a record of the run {target.name} is already here") from error
        return target

    def import_large_files(self, record: Path, artifact: WorkflowArtifact) -> Path:
        """Download the notebooks and files of a compact record and return its folder.

        Raise UntrustedError if the artifact belongs to another run.
        """
        with self.unpacked(artifact) as whole:
            if whole.name != record.name:
                raise UntrustedError(f"it holds the run {whole.name}, not {record.name}")
            (whole / LARGE_FILES).rename(record / LARGE_FILES)
        return record

    @contextmanager
    def unpacked(self, artifact: WorkflowArtifact) -> Iterator[Path]:
        """Download an artifact and yield the folder of its record, which is deleted afterwards.

        Raise UntrustedError if the digest is wrong, or if it is not a record.
        """
        file = self.workplace / f"artifact-{artifact.artifact_id}.zip"
        folder = self.workplace / str(artifact.artifact_id)
        self.client.download(f"/actions/artifacts/{artifact.artifact_id}/zip", file, MAX_ARTIFACT_BYTES)
        try:
            with file.open("rb") as content:
                digest = f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"
            if digest != artifact.digest:
                raise UntrustedError(f"its digest is {digest}, and GitHub says {artifact.digest}")
            shutil.rmtree(folder, ignore_errors=True)  # left by an import that was killed
            yield unpack_record(file, folder)
        finally:
            file.unlink()
            shutil.rmtree(folder, ignore_errors=True)

    def _origin(self, artifact: WorkflowArtifact, run: WorkflowRun, large_file_bytes: int) -> Origin:
        return Origin(
            repository_url=run.url.partition("/actions/")[0],
            branch=f"{run.head_owner}:{run.head_branch}" if run.is_fork else run.head_branch,
            revision=run.head_sha,
            event=run.event,
            actor=run.actor,
            pull_request=self._pull_request_number(run),
            workflow=run.workflow,
            workflow_run_url=run.url,
            workflow_run_id=run.run_id,
            attempt=run.attempt,
            artifact_id=artifact.artifact_id,
            artifact_digest=artifact.digest,
            bulky_bytes=large_file_bytes,
        )

    def _pull_request_number(self, run: WorkflowRun) -> str:
        if run.event != "pull_request":
            return ""
        pull_request = find_pull_request(self.client, run, only_current=False)
        return str(pull_request.number) if pull_request else ""


def fetched_records(runs: Path) -> dict[str, Origin]:
    """Return the origins of all records in ``runs`` that came from GitHub, by run id, oldest first."""
    origins = ((record.name, read_origin(record)) for record in find_runs(runs))
    return {run_id: origin for run_id, origin in origins if origin}


def _size_bytes(record: Path, *, compact: bool) -> int:
    return sum((record / file).stat().st_size for file in files_of(record) if is_compact(file) is compact)
