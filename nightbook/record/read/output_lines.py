"""Follows what a body prints: the lines of its output log, while another process writes it."""

from dataclasses import dataclass
from pathlib import Path

_MAX_BYTES = 1_000_000  # that are read at once; a longer line is cut


@dataclass(slots=True)
class OutputLines:
    """The output log of one attempt, and how much of it has been read.

    Only whole lines count as read: the last one may still be overwritten in the file.
    """

    path: Path
    _offset: int = 0

    def new_lines(self) -> list[str]:
        """Return lines that were completed since the last call; empty if there are no more."""
        data = self._unread()
        whole, newline, _ = data.rpartition(b"\n")
        if newline:
            self._offset += len(whole) + 1
            return [line.decode(errors="replace") for line in whole.split(b"\n")]
        if len(data) == _MAX_BYTES:
            self._offset += len(data)
            return [data.decode(errors="replace")]
        return []

    def last_line(self) -> str:
        """Return the line that has no end yet; empty if there is none."""
        return self._unread().rpartition(b"\n")[2].decode(errors="replace")

    def _unread(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset)
                return file.read(_MAX_BYTES)
        except FileNotFoundError:  # nothing has been printed, or the record is removed
            return b""
