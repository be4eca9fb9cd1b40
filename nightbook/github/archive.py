"""The branch of compact records: history that outlives GitHub's artifacts.

It is an orphan branch that only grows: a commit adds whole records and changes nothing else. Two publishers
at once have the same effect as one after the other: the second push is not a fast-forward and is
rejected, and that publisher then adds its records to what the first one has pushed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from nightbook.git import Git
from nightbook.github.errors import ArchiveError
from nightbook.record.read.origin import FILE_NAME
from nightbook.record.read.portable import copy_files, files_of, is_compact

_ATTEMPTS = 10
_MAX_BYTES = 2_000_000_000  # checked out; the records of a site that Pages serves have half of that at most
# Not `[remote rejected]`: so does a branch rule, which would reject the next push as well.
_OUTRUN = re.compile(r"\[rejected\]|cannot lock ref|failed to update ref|incorrect old value|already exists")
_README = "README.md"
_ABOUT = """# Run records

Compact records of all published runs, one folder each: spans and reports, without notebooks and files. A
program adds them and changes none; do not edit anything here by hand. To copy them to your own machine:
`make fetch-runs REPO=owner/name` in a checkout of the main branch.
"""


class _OutrunError(Exception):
    """Somebody else has pushed first."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A working copy, in ``git.folder``, of the branch of records at ``remote``."""

    git: Git
    remote: str
    branch: str = "runs"

    @property
    def runs(self) -> Path:
        """The folder of all archived records, which can be read like any other folder of records."""
        return self.git.folder / "runs"

    def update(self) -> None:
        """Make the working copy equal to the remote branch, or empty if there is no such branch yet."""
        folder = self.git.folder
        if not (folder / ".git").is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            self.git("init", "--quiet", "--initial-branch", self.branch)
        if self._remote_head():
            self.git(
                "fetch", "--quiet", "--depth", "1", "--no-tags", self.remote, f"refs/heads/{self.branch}"
            )
            self._check_size("FETCH_HEAD")
            self.git("reset", "--quiet", "--hard", "FETCH_HEAD")
            self.git("clean", "--quiet", "-ffdx")
        self.runs.mkdir(exist_ok=True)

    def is_newest(self) -> bool:
        """Return True if nobody has pushed since the working copy was updated."""
        head = self._remote_head()
        return not head or head == self.git("rev-parse", "HEAD")

    def append(self, records: Sequence[Path]) -> list[str]:
        """Add the records that are missing and push them. Return their run ids.

        Raise ArchiveError if the branch cannot be pushed.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(_OutrunError),
            wait=wait_random_exponential(multiplier=0.5, max=30),
            stop=stop_after_attempt(_ATTEMPTS),
            reraise=True,
        )
        try:
            return attempts(self._append, records)
        except _OutrunError as error:
            raise ArchiveError(
                f"others pushed the branch {self.branch} during all {_ATTEMPTS} attempts: {error}"
            ) from error

    def _remote_head(self) -> str:
        """Return the newest commit of the remote branch, or an empty string if there is no branch."""
        return self.git("ls-remote", "--heads", self.remote, f"refs/heads/{self.branch}").partition("\t")[0]

    def _check_size(self, commit: str) -> None:
        """Raise ArchiveError if a checkout could fill the disk: the branch may be anybody's."""
        files = self.git("ls-tree", "-r", "-l", "-z", commit).split("\0")
        sizes = (file.partition("\t")[0].rpartition(" ")[2] for file in files)
        size_bytes = sum(int(size) for size in sizes if size.isdecimal())
        if size_bytes > _MAX_BYTES:
            raise ArchiveError(
                f"the branch {self.branch} has {size_bytes:,} bytes, more than the {_MAX_BYTES:,} allowed: "
                "remove the oldest folders from it in a commit of your own"
            )

    def _append(self, records: Sequence[Path]) -> list[str]:
        self.update()
        added = [record.name for record in records if self._add(record)]
        if not added:
            return []
        (self.git.folder / _README).write_text(_ABOUT, encoding="utf-8")
        self.git("add", "--all", "--force")
        self._check_that_it_only_grows()
        self.git("commit", "--quiet", "--message", _message(added))
        result = self.git.attempt("push", "--porcelain", self.remote, f"HEAD:refs/heads/{self.branch}")
        if result.exit_code == 0:
            return added
        if _OUTRUN.search(result.output):
            raise _OutrunError(result.output.strip()[-300:])
        rejected = [line for line in result.output.splitlines() if line.startswith("!")]
        reason = " ".join(rejected or [result.errors.strip()])
        raise ArchiveError(
            f"git cannot push the branch {self.branch}: {reason:.300}. The token needs the permission "
            "`contents: write`, and no rule may protect the branch from this push."
        )

    def _add(self, record: Path) -> bool:
        target = self.runs / record.name
        if target.exists():
            return False
        copy_archived(record, target)
        return True

    def _check_that_it_only_grows(self) -> None:
        changes = self.git("diff", "--cached", "--name-status", "--no-renames").splitlines()
        others = [change for change in changes if not change.startswith("A\t") and _README not in change]
        if others:
            raise ArchiveError(
                f"the branch {self.branch} may only grow, but this would change it: {others[0]!r:.200}"
            )


def copy_archived(record: Path, target: Path) -> None:
    """Copy the archived part of a record, and nothing else that its folder may have."""
    archived = [file for file in files_of(record) if is_compact(file) or str(file) == FILE_NAME]
    copy_files(record, {file: file for file in archived}, target)


def _message(run_ids: Sequence[str]) -> str:
    title = f"Add the run {run_ids[0]}" if len(run_ids) == 1 else f"Add {len(run_ids)} runs"
    return "\n".join([title, "", *run_ids]) if len(run_ids) > 1 else title
