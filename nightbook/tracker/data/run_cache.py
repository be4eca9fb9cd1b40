"""What is known of each record since its pages were made: then it is not read again."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nightbook.record.format.files import write_text


@dataclass(frozen=True, slots=True)
class CachedRun:
    """A run in short, for the pages over all runs, and what its own pages were made from.

    ``stamp`` tells of the record and of the code; ``places`` are all its pages and files; ``result`` is
    what the metric gate needs, None of a record that cannot be read.
    """

    stamp: str
    entry: dict[str, Any]
    places: list[str]
    tasks: list[dict[str, Any]]
    text: str
    result: dict[str, Any] | None = None

    @property
    def settings(self) -> str:
        """What two runs must share to be alike: a small night and a large one are not."""
        parameters = self.result["parameters"] if self.result else {}
        return json.dumps([self.entry["pipeline"], parameters], sort_keys=True)


@dataclass(frozen=True, slots=True)
class RunCache:
    """A folder with a file for each run.

    The file is removed before the run's pages are touched and written after them, so that an
    interrupted build leaves no page that a later one trusts.
    """

    folder: Path
    output: Path

    def find(self, run_id: str) -> CachedRun | None:
        """What is known of a run, if all its pages are there."""
        try:
            cached = CachedRun(**json.loads(self._file(run_id).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None
        output = str(self.output)
        there = all(os.path.exists(f"{output}/{place}") for place in cached.places)  # noqa: PTH110 100,000 times
        return cached if there else None

    def run_ids(self) -> list[str]:
        """All runs of which something is known."""
        return sorted(file.stem for file in self.folder.glob("*.json"))

    def keep(self, run_id: str, cached: CachedRun) -> None:
        """Remember a run, when its pages are made."""
        write_text(self._file(run_id), json.dumps(asdict(cached), separators=(",", ":")))

    def forget(self, run_id: str) -> None:
        """Forget a run, before its pages are touched."""
        self._file(run_id).unlink(missing_ok=True)

    def _file(self, run_id: str) -> Path:
        return self.folder / f"{run_id}.json"
