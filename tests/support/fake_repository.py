"""A repository on the fake GitHub: 250 artifacts of every kind, a real git remote, and the commands."""

import io
import os
import random
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from nightbook.git import Git
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.reader import find_runs
from tests.support.fake_github import REPOSITORY, REPOSITORY_ID, TOKEN, FakeGitHub, zip_of_record
from tests.support.project import REPOSITORY as CHECKOUT
from tests.support.project import TIMEOUT_S, configured
from tests.support.recording import record_night

CI = ".github/workflows/ci.yml"
# Refused artifacts: their number, and what GitHub says about them.
REFUSED: tuple[tuple[int, dict[str, object]], ...] = (
    (25, {"expired": True}),
    (15, {"event": "pull_request", "workflow": CI, "fork": True}),  # of a fork's branch `main`
    (10, {"conclusion": "failure"}),
    (5, {"conclusion": None}),
    (5, {"workflow_run": None}),
    (5, {"digest": None}),
    (5, {"digest": f"sha256:{'0' * 64}"}),
    (5, {"name": "run-record-1-1"}),
    (9, {"name": "github-pages"}),
)


@dataclass
class Repository:
    """A repository with its artifacts, its remote, and checkouts in which workflows run."""

    path: Path
    github: FakeGitHub
    nights: int = 0
    main: list[str] = field(default_factory=list)  # ids of the runs of main
    branches: list[str] = field(default_factory=list)  # and of other branches
    nr_refused: int = 0

    @property
    def config(self) -> str:
        """The checkout's luigi.cfg."""
        goals = '{"accuracy": {"better": "higher", "tolerance": 0.01}}'
        return configured((CHECKOUT / "luigi.cfg").read_text(), metrics=goals, main_branch="main")

    @property
    def remote(self) -> Path:
        """The bare repository in the place of GitHub's."""
        return self.path / "remote.git"

    def new_record(self, accuracy: float = 0.97, branch: str = "main") -> Path:
        """Make a record without uploading it. Records are one minute apart, the first on 2026-11-01."""
        day, minute = divmod(self.nights, 24 * 60)
        self.nights += 1
        run_id = f"202611{day + 1:02d}T{minute // 60:02d}{minute % 60:02d}00Z-{self.nights:06x}"
        return record_night(RunFolder(self.path / "made" / run_id), accuracy, branch).path

    def upload(self, record: Path, *, run_id: int, **facts: object) -> int:
        """Upload a record as an artifact. Return the artifact's id."""
        return self.github.add_artifact(zip_of_record(record), run_id=run_id, **facts)  # type: ignore[arg-type]

    def run(
        self, *arguments: str, folder: str = "checkout", **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run ``python -m nightbook.github ARGUMENTS`` in a checkout, and return how it ended."""
        checkout = self.path / folder
        checkout.mkdir(exist_ok=True)
        (checkout / "luigi.cfg").write_text(self.config)
        own = {
            "GITHUB_API_URL": self.github.api_url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_REPOSITORY_ID": str(REPOSITORY_ID),
            "GITHUB_RUN_ID": "9999",
            "GITHUB_TOKEN": TOKEN,
        }
        command = [sys.executable, "-m", "nightbook.github", *arguments, "--remote", self.remote.as_uri()]
        return subprocess.run(
            command,
            cwd=checkout,
            env={**os.environ, **own, **environment},
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )

    def archived(self) -> list[str]:
        """Return the ids of the runs on the branch of records."""
        if not Git(self.remote)("branch", "--list", "runs"):
            return []
        return Git(self.remote)("ls-tree", "--name-only", "runs:runs").splitlines()

    def commits(self) -> list[str]:
        """Return the commits of the branch of records."""
        return Git(self.remote)("rev-list", "runs").splitlines()

    def records(self, folder: str = "checkout") -> list[Path]:
        """Return the records in a checkout."""
        return find_runs(self.path / folder / "runs")

    def expected(self) -> list[str]:
        """Return the ids of all runs that should be published."""
        return sorted([*self.main, *self.branches])

    def fill(self) -> None:
        """Upload 250 artifacts of every kind, in random order."""
        for number in range(120):
            self.main.append(self._add(2000 + number, event=("schedule", "push")[number % 2]))
        for number in range(35):
            facts = {"event": "pull_request", "branch": "smaller", "workflow": CI}
            self.branches.append(self._add(3000 + number, **facts))
        for number in range(5):  # the second attempt of a workflow run, with a run of its own
            self.main.append(self._add(2000 + number, attempt=2))
        for kind, (count, facts) in enumerate(REFUSED):
            self.nr_refused += count
            for number in range(count):
                self._add(4000 + 100 * kind + number, **facts)
        for number, twist in enumerate((_slip, _link, _bomb, _slip, _link)):
            self.nr_refused += 1
            self._add(9000 + number, twist=twist)
        self.nr_refused += 1
        self.upload(self.path / "made" / self.main[0], run_id=9100)  # a run that is there already
        artifacts = self.github.artifacts
        assert len(artifacts) == 250
        artifacts[1:] = random.Random(4).sample(artifacts[1:], 249)

    def _add(
        self, run_id: int, twist: Callable[[str, bytes], bytes] = lambda _, content: content, **facts: object
    ) -> str:
        record = self.new_record(0.97 + self.nights % 5 / 1000)
        content = twist(record.name, zip_of_record(record))
        self.github.add_artifact(content, run_id=run_id, **facts)  # type: ignore[arg-type]
        return record.name


def _slip(run_id: str, content: bytes) -> bytes:
    return with_member(content, f"{run_id}/spans/../../../../evil")


def _link(run_id: str, content: bytes) -> bytes:
    link = zipfile.ZipInfo(f"{run_id}/spans/link.jsonl")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return with_member(content, link)


def _bomb(run_id: str, content: bytes) -> bytes:
    return with_member(content, f"{run_id}/tasks/use/attempt-01/artifacts/zeros", bytes(101_000_000))


def with_member(content: bytes, member: zipfile.ZipInfo | str, added: bytes = b"/etc/passwd") -> bytes:
    """Return a zip file with one more member."""
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, added)
    return file.getvalue()
