"""The file with what a body prints, written while it runs: bounded, and complete at each moment."""

import os
from pathlib import Path
from types import TracebackType
from typing import Self

from nightbook.record.format.output_gap import find_gap, gap_notice
from nightbook.record.render.terminal_text import without_overwritten


class OutputLog:
    """Writes what is printed to a file at once, of a flood its beginning and its end.

    The beginning takes three quarters of ``max_bytes``, and is written once. What follows is appended while
    there is room; then the older half of it is cut away, and a notice says how much is missing. So whoever
    dies, the file has the first and the last lines. A line that a carriage return overwrites is replaced in
    the file, so that a progress bar takes the room of one line.

    The file exists once there is text, and one that exists is continued. What cannot be written is an OSError
    with the file's name.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        self._start_bytes = max_bytes * 3 // 4
        self._file: int | None = None
        self._size = 0
        self._line_start = 0  # of the last line, which may be overwritten
        self._returned = False  # the last line ends in a carriage return: the next text overwrites it
        self._gap_start: int | None = None  # where the notice stands
        self._end_start = 0  # where the rest begins, behind the notice
        self._left_out_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            os.close(self._file)

    def write(self, data: bytes) -> None:
        """Add what was printed."""
        if not data:
            return
        text = b"\r" * self._returned + data
        self._returned = text.endswith(b"\r")
        text = text.rstrip(b"\r")
        if not text:
            return
        self._open()
        first, newline, others = text.partition(b"\n")
        first = first.rstrip(b"\r") if newline else first
        if b"\r" in first:
            self._size = self._line_start
            self._truncate()
        self._append(_as_shown(first + newline + others))

    def begin_line(self) -> None:
        """Let the next text begin a line."""
        self._returned = False
        if self._line_start < self._size:
            self._append(b"\n")

    def _append(self, data: bytes) -> None:
        if self._size + len(data) <= self._max_bytes:
            self._put(data)
            return
        if self._gap_start is None:
            room = max(self._start_bytes - self._size, 0)
            self._put(data[:room])
            data = data[room:]
            self._gap_start = self._end_start = self._end_of_beginning()
        self._cut(data)

    def _cut(self, data: bytes) -> None:
        """Replace the rest by the end of it and of the new data, from the start of a line if there is one.

        The file is cut after the new end is written: a process that is killed in between loses nothing.
        """
        rest = self._read(self._end_start, self._size) + data
        end = rest[max(len(rest) - self._max_bytes // 8, 0) :]
        end = end[end.find(b"\n", 0, -1) + 1 :]
        self._left_out_bytes += len(rest) - len(end)
        notice = gap_notice(self._left_out_bytes)
        self._size = self._line_start = self._gap_start or 0
        self._put(notice)
        self._end_start = self._size
        self._put(end)
        self._truncate()

    def _end_of_beginning(self) -> int:
        """Return where the last whole line of the beginning ends; within it, if the line is very long."""
        last = self._read(0, self._start_bytes).rfind(b"\n") + 1
        return last if last > self._start_bytes // 2 else self._start_bytes

    def _open(self) -> None:
        if self._file is not None:
            return
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._size = self._line_start = os.fstat(self._file).st_size
        gap = find_gap(self._read(0, self._size)) if self._size else None
        if gap is not None:
            self._gap_start, self._end_start = gap.start, gap.end
            self._left_out_bytes = gap.left_out_bytes

    def _put(self, data: bytes) -> None:
        last_line = data.rfind(b"\n") + 1
        if last_line:
            self._line_start = self._size + last_line
        while data:
            try:
                written = os.pwrite(self._descriptor, data, self._size)
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(self._path)) from error
            self._size += written
            data = data[written:]

    def _read(self, start: int, end: int) -> bytes:
        return os.pread(self._descriptor, end - start, start)

    def _truncate(self) -> None:
        os.ftruncate(self._descriptor, self._size)

    @property
    def _descriptor(self) -> int:
        if self._file is None:
            raise ValueError("the log is not open")
        return self._file


def _as_shown(data: bytes) -> bytes:
    """Return the data after its carriage returns; Latin-1 has a character for each byte, and loses none."""
    return without_overwritten(data.decode("latin-1")).encode("latin-1") if b"\r" in data else data
