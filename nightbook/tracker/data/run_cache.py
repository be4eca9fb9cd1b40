"""What the pages over all runs need of each record, remembered so that an unchanged record is not read."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nightbook.record.format.files import write_text
from nightbook.record.gate import RunMetrics
from nightbook.tracker.data.run_entry import RunEntry, TaskEntry
from nightbook.tracker.data.variants import Variant

_VERSION = 4  # of the files: one of another version is made again
_DAMAGED = (ValueError, TypeError, KeyError, AttributeError, RecursionError)  # by whatever it holds instead


@dataclass(frozen=True, slots=True)
class CachedRun:
    """A run in short, and what its pages were made from.

    ``stamp`` is the fingerprint of the record and of the code; ``paths`` are all the run's pages and
    files; ``text`` is what a search finds it by; ``result`` is what the metric gate needs, None for a
    record that cannot be read.
    """

    stamp: str
    entry: RunEntry
    paths: tuple[str, ...]
    tasks: tuple[TaskEntry, ...]
    text: str
    result: RunMetrics | None = None

    @property
    def settings(self) -> str:
        """The pipeline and its parameters: runs that share them can be compared with each other."""
        parameters = self.result.parameters if self.result else {}
        return json.dumps([self.entry.pipeline, parameters], sort_keys=True)


@dataclass(frozen=True, slots=True)
class RunCache:
    """A folder with a file for each run.

    The file is removed before the run's pages are touched and written after them, so that an
    interrupted build leaves no page that a later one trusts.
    """

    folder: Path
    output: Path

    def find(self, run_id: str) -> CachedRun | None:
        """Return a run if it is known and all its pages are there, else None.

        A file that is damaged or of another version is as good as none.
        """
        try:
            cached = _from_text(self._file(run_id).read_text(encoding="utf-8"))
        except (OSError, *_DAMAGED):
            return None
        output = str(self.output)
        there = all(os.path.exists(f"{output}/{path}") for path in cached.paths)  # noqa: PTH110 100,000 times
        return cached if there else None

    def run_ids(self) -> list[str]:
        """Return the ids of all runs that are known."""
        return sorted(file.stem for file in self.folder.glob("*.json"))

    def keep(self, run_id: str, cached: CachedRun) -> None:
        """Remember a run, after its pages are made."""
        write_text(self._file(run_id), _to_text(cached))

    def forget(self, run_id: str) -> None:
        """Forget a run, before its pages are touched."""
        self._file(run_id).unlink(missing_ok=True)

    def _file(self, run_id: str) -> Path:
        return self.folder / f"{run_id}.json"


def _to_text(cached: CachedRun) -> str:
    """Return a file's text: Python's JSON, in which NaN and the infinities are numbers."""
    return json.dumps({"version": _VERSION, **asdict(cached)}, separators=(",", ":"))


def _from_text(text: str) -> CachedRun:
    """Return what ``_to_text`` wrote; one of the errors in ``_DAMAGED`` for anything else."""
    row = json.loads(text)
    if row.pop("version") != _VERSION:
        raise ValueError("a file of another version")
    return CachedRun(
        stamp=row["stamp"],
        entry=_entry(row["entry"]),
        paths=tuple(row["paths"]),
        tasks=tuple(TaskEntry(**task) for task in row["tasks"]),
        text=row["text"],
        result=RunMetrics(**row["result"]) if row["result"] else None,
    )


def _entry(row: dict[str, Any]) -> RunEntry:
    variants = tuple(Variant(**variant) for variant in row.pop("variants"))
    told_apart = {metric: tuple(names) for metric, names in row.pop("told_apart").items()}
    return RunEntry(**row, variants=variants, told_apart=told_apart)
