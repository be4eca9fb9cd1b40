"""Follows how far a running attempt says that it is."""

from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.reported_progress import ReportedProgress, read_progress


@dataclass(slots=True)
class ProgressFile:
    """The file of one attempt, read only if it has changed."""

    path: Path
    _seen: tuple[int, int] | None = None

    def news(self) -> ReportedProgress | None:
        """Return the progress if it has changed since the last call, else None."""
        return read_progress(self.path) if self.skip() else None

    def skip(self) -> bool:
        """Take the file as seen; return whether it has changed since the last call."""
        try:
            state = self.path.stat()
        except OSError:
            return False
        version = (state.st_mtime_ns, state.st_ino)
        changed, self._seen = version != self._seen, version
        return changed
