"""The file with what a notebook prints, written while it runs."""

import asyncio
import os
import time
from pathlib import Path
from typing import Self

from nightbook.record.render.terminal_text import without_overwritten

_PAUSE_S = 0.2
_MOST_WAITING = 1_000_000  # characters
_MAX_ERROR = 100_000  # characters
_CELLS_IN_FILE = 4  # full cells for which the file has room


class OutputLog:
    """Appends text to a file at most every 0.2 s; of each cell ``max_cell_bytes``, of all four times that.

    A line that a carriage return overwrites is replaced in the file, so that a progress bar takes the room of
    one line. The file exists once there is text. Whatever cannot be written is an OSError: of the next
    ``write``, or when the context closes.
    """

    def __init__(self, path: Path, max_cell_bytes: int) -> None:
        self._path = path
        self._max_cell_bytes = max_cell_bytes
        self._file: int | None = None
        self._heading = ""
        self._waiting: list[str] = []
        self._waiting_length = 0
        self._returned = False  # the last line ends in a carriage return: the next text overwrites it
        self._size = self._line_start = self._cell_start = 0
        self._full = False
        self._written_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._error: OSError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._write_waiting()
        finally:
            if self._file is not None:
                os.close(self._file)
        if self._error is not None:
            raise self._error

    def begin(self, title: str) -> None:
        """Begin a cell, whose heading is written before its first text."""
        self._write_waiting()
        self._heading = f"── {title} ──\n"
        self._cell_start, self._full, self._returned = self._size, False, False

    def write(self, text: str) -> None:
        """Add text, which is in the file 0.2 s later; must be called in an event loop."""
        if self._error is not None:
            raise self._error
        if self._full or not text:
            return
        self._waiting.append(text)
        self._waiting_length += len(text)
        # A kernel that floods its output keeps the event loop busy, and timers have to wait.
        rest_s = self._written_s + _PAUSE_S - time.monotonic()
        if rest_s <= 0 or self._waiting_length > _MOST_WAITING:
            self._write_waiting()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(rest_s, self._on_timer)

    def write_error(self, text: str) -> None:
        """Add the traceback of an exception at once, also to a file that is full."""
        self._write_waiting()
        self._begin_line(f"{self._heading}{text[-_MAX_ERROR:]}")
        self._heading = ""

    def _on_timer(self) -> None:
        try:
            self._write_waiting()
        except OSError as error:
            self._error = error

    def _write_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        text = "\r" * self._returned + "".join(self._waiting)
        self._waiting, self._waiting_length = [], 0
        self._returned = text.endswith("\r")
        text = text.rstrip("\r")
        if not text:
            return
        if self._heading:
            self._begin_line(self._heading)
            self._heading = ""
        first, newline, others = text.partition("\n")
        first = first.rstrip("\r") if newline else first
        if "\r" in first:
            self._cut(self._line_start)
        self._append(without_overwritten(first + newline + others))
        self._written_s = time.monotonic()

    def _append(self, text: str) -> None:
        """Append text, or what there is room for and a notice."""
        data = text.encode(errors="replace")
        room = (
            min(self._cell_start + self._max_cell_bytes, _CELLS_IN_FILE * self._max_cell_bytes) - self._size
        )
        self._full = len(data) > room
        if not self._full:
            self._put(data)
            return
        self._put(data[: max(room, 0)].decode(errors="ignore").encode())
        self._begin_line("[nightbook: the rest of this cell's output is not kept here]\n")

    def _begin_line(self, text: str) -> None:
        self._put(("\n" * (self._line_start < self._size) + text).encode())

    def _put(self, data: bytes) -> None:
        last_line = data.rfind(b"\n") + 1
        if last_line:
            self._line_start = self._size + last_line
        self._size += len(data)
        try:
            if self._file is None:
                flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | os.O_CLOEXEC
                self._file = os.open(self._path, flags, 0o644)
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(self._path)) from error

    def _cut(self, size: int) -> None:
        if self._file is not None:
            os.ftruncate(self._file, size)
        self._size = size
