"""The branch of compact records: history that outlives GitHub's artifacts.

An orphan branch that only ever grows: a commit adds whole records and changes nothing that is there.
What two publishers do at once ends as if one had done it after the other, because a push that is not
a fast-forward is refused, and the loser adds its records to what the winner made.
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

_TRIES = 10
_MAX_BYTES = 2_000_000_000  # checked out; a site that Pages serves has records of half of that at most
# A branch rule's refusal is a `[remote rejected]` too, and would be one again.
_LATE = re.compile(r"\[rejected\]|cannot lock ref|failed to update ref|incorrect old value|already exists")
_README = "README.md"
_ABOUT = """# Run records

Compact records of all runs that were published, one folder each: spans and reports, without notebooks
and files. A program adds them and changes none; edit nothing here by hand. To have them on your own
machine: `make fetch-runs REPO=owner/name` in a checkout of the main branch.
"""


class _LateError(Exception):
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
        """Make the working copy what the remote has; empty if it has no such branch yet."""
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
        """Whether the remote has nothing that the working copy was not made of."""
        head = self._remote_head()
        return not head or head == self.git("rev-parse", "HEAD")

    def append(self, records: Sequence[Path]) -> list[str]:
        """Add those records that are not there and push; returns the run ids of the added ones.

        ArchiveError if the branch cannot be pushed.
        """
        tries = Retrying(
            retry=retry_if_exception_type(_LateError),
            wait=wait_random_exponential(multiplier=0.5, max=30),
            stop=stop_after_attempt(_TRIES),
            reraise=True,
        )
        try:
            return tries(self._append, records)
        except _LateError as error:
            raise ArchiveError(
                f"the branch {self.branch} was pushed by others {_TRIES} times: {error}"
            ) from error

    def _remote_head(self) -> str:
        """The commit that the branch is at; empty if there is no such branch."""
        return self.git("ls-remote", "--heads", self.remote, f"refs/heads/{self.branch}").partition("\t")[0]

    def _check_size(self, commit: str) -> None:
        """Refuse what would fill the disk when it is checked out: anybody's branch can be fetched."""
        files = self.git("ls-tree", "-r", "-l", "-z", commit).split("\0")
        sizes = (file.partition("\t")[0].rpartition(" ")[2] for file in files)
        size_bytes = sum(int(size) for size in sizes if size.isdecimal())
        if size_bytes > _MAX_BYTES:
            raise ArchiveError(
                f"the branch {self.branch} has {size_bytes:,} bytes, and at most {_MAX_BYTES:,} are taken: "
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
        done = self.git.attempt("push", "--porcelain", self.remote, f"HEAD:refs/heads/{self.branch}")
        if done.exit_code == 0:
            return added
        if _LATE.search(done.output):
            raise _LateError(done.output.strip()[-300:])
        told = [line for line in done.output.splitlines() if line.startswith("!")]
        raise ArchiveError(
            f"git cannot push the branch {self.branch}: {' '.join(told or [done.errors.strip()]):.300}. The "
            "token needs the permission `contents: write`, and no rule may keep it from pushing there."
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
            raise ArchiveError(f"the branch {self.branch} would not only grow: {others[0]!r:.200}")


def copy_archived(record: Path, target: Path) -> None:
    """Copy what is archived of a record, and nothing else that its folder may have."""
    archived = (file for file in files_of(record) if is_compact(file) or str(file) == FILE_NAME)
    copy_files(record, archived, target)


def _message(run_ids: Sequence[str]) -> str:
    title = f"Add the run {run_ids[0]}" if len(run_ids) == 1 else f"Add {len(run_ids)} runs"
    return "\n".join([title, "", *run_ids]) if len(run_ids) > 1 else title
