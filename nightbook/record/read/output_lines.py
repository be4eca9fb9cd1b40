"""Follows what a body prints: the lines of its output log, while another process writes it."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from nightbook.record.format.output_gap import OutputGap, find_gap

_MAX_BYTES = 1_000_000  # that are read at once; a longer line is cut
_MARK_BYTES = 200  # by which a place in the file is known again; more than a gap's notice has


@dataclass(slots=True)
class OutputLines:
    """The output log of one attempt, and how much of it has been read.

    Only whole lines count as read: the last one may still be overwritten in the file. What was left out of a
    flood before it could be read is one line, which says how much it was.
    """

    path: Path
    _offset: int = 0
    _mark: bytes = b""  # what stands before the offset, unless the writer has cut something away
    _gap: OutputGap | None = None  # as it was when the offset was right

    def new_lines(self) -> list[str]:
        """Return lines that were completed since the last call; empty if there are no more."""
        data = self._unread()
        whole, newline, _ = data.rpartition(b"\n")
        if newline:
            self._advance(whole + newline)
            return [line.decode(errors="replace") for line in whole.split(b"\n")]
        if len(data) == _MAX_BYTES:
            self._advance(data)
            return [data.decode(errors="replace")]
        return []

    def last_line(self) -> str:
        """Return the line that has no end yet; empty if there is none."""
        return self._unread().rpartition(b"\n")[2].decode(errors="replace")

    def _advance(self, data: bytes) -> None:
        start = self._offset - len(self._mark)
        text = self._mark + data
        gap = find_gap(text) if self._gap is None else None
        if gap:
            self._gap = OutputGap(start + gap.start, start + gap.end, gap.left_out_bytes)
        self._offset += len(data)
        self._mark = text[-_MARK_BYTES:]

    def _unread(self) -> bytes:
        try:
            with self.path.open("rb") as file:
                file.seek(self._offset - len(self._mark))
                data = file.read(len(self._mark) + _MAX_BYTES)
                if not data.startswith(self._mark):
                    self._find_place(file)
                    data = file.read(_MAX_BYTES)
                return data.removeprefix(self._mark)
        except FileNotFoundError:  # nothing has been printed, or the record is removed
            return b""

    def _find_place(self, file: BinaryIO) -> None:
        """Go to where the last read line ends now, or to the gap if that line is gone."""
        file.seek(0)
        gap, size = find_gap(file.read()), file.tell()
        read = self._offset
        if self._gap and read >= self._gap.end:
            read += self._gap.left_out_bytes - (self._gap.end - self._gap.start)
        if gap:
            here = read - gap.left_out_bytes + (gap.end - gap.start)
            read = here if here >= gap.end else gap.start + 1  # behind the newline of the gap
        self._gap, self._mark, self._offset = gap, b"", min(read, size)
        file.seek(self._offset)
