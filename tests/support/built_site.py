"""A site that the real Pelican builds from given records."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.support.project import REPOSITORY


@dataclass(frozen=True)
class Site:
    """A folder with ``runs/``, from which ``output/`` is built."""

    path: Path

    @property
    def runs(self) -> Path:
        return self.path / "runs"

    @property
    def output(self) -> Path:
        return self.path / "output"

    def build(
        self,
        *,
        settings: str = "pelicanconf",
        content: Path | None = None,
        fatal: str = "warnings",
        **environment: str,
    ) -> "Site":
        """Build the site; raise AssertionError with Pelican's output if it fails."""
        self.runs.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [
                Path(sys.executable).with_name("pelican"),
                "--settings",
                REPOSITORY / "site" / f"{settings}.py",
                "--fatal",
                fatal,
                "--output",
                self.output,
                "--extra-settings",
                f"RUNS={json.dumps(str(self.runs))}",
                f"CACHE_PATH={json.dumps(str(self.path / 'cache'))}",
                *([f"PATH={json.dumps(str(content))}"] if content else []),
            ],
            cwd=self.path,
            env={"PATH": "/usr/bin:/bin", **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
        return self

    def add(self, record: Path) -> Path:
        """Copy a record among the runs."""
        return Path(shutil.copytree(record, self.runs / record.name))

    def page(self, place: str) -> str:
        return (self.output / place).read_text(encoding="utf-8")

    def data(self, place: str) -> Any:
        return json.loads(self.page(place))

    def pages(self) -> list[Path]:
        return sorted(file for file in self.output.rglob("*.html") if file.is_file())
