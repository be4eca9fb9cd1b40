"""How far a body says that it is: a small file in the attempt's folder while the attempt runs."""

import json
import os
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

_MAX_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class ReportedProgress:
    """``done`` of ``total`` steps, None if their number is unknown, and a text on one line."""

    done: float
    total: float | None
    text: str

    @property
    def fraction(self) -> float:
        """From 0 to 1; 0 if the number of steps is unknown."""
        return min(self.done / self.total, 1.0) if self.total else 0.0

    def __str__(self) -> str:
        """Return a line such as ``37 of 100 · epoch 3``."""
        steps = f"{self.done:,.10g} of {self.total:,.10g}" if self.total else ""
        if not self.total and not self.text:
            steps = f"{self.done:,.10g}"
        return " · ".join(part for part in (steps, self.text) if part)


def write_progress(path: Path, progress: ReportedProgress) -> None:
    """Write the file as a whole; several threads and processes of one attempt may do so at once."""
    part = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}.part")
    try:
        part.write_text(json.dumps(asdict(progress)), encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def read_progress(path: Path) -> ReportedProgress | None:
    """Return what the file says, or None if there is none or it says something else."""
    try:
        with path.open("rb") as file:
            row = json.loads(file.read(_MAX_BYTES))
        total = None if row["total"] is None else float(row["total"])
        progress = ReportedProgress(float(row["done"]), total, str(row["text"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None
    valid = 0 <= progress.done < float("inf") and (total is None or 0 < total < float("inf"))
    return progress if valid else None
