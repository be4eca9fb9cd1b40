"""A log file that takes a limited amount of output: its beginning and its end."""

from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Self

_END = 4  # a quarter of the room is for the end


class BoundedLog:
    """Writes bytes to a file at once, up to ``max_bytes``.

    Of more than that, the file has the beginning while the log is open, and in the end the first three
    quarters and the last, with a notice in between.
    """

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._file = path.open("wb", buffering=0)  # so that a reader sees what has been written so far
        self._max_bytes = max_bytes
        self._size_bytes = 0
        self._last: deque[bytes] = deque()
        self._last_bytes = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._file:
            if self._size_bytes > self._max_bytes:
                self._write_end()

    def write(self, data: bytes) -> None:
        """Write the data as far as there is room, and remember its end."""
        room = max(self._max_bytes - self._size_bytes, 0)
        if room:
            self._file.write(data[:room])
        if self._size_bytes <= self._max_bytes < self._size_bytes + len(data):
            self._file.write(b"\n[nightbook: the end of the output follows when the attempt has ended]\n")
        self._size_bytes += len(data)
        self._last.append(data)
        self._last_bytes += len(data)
        while self._last_bytes - len(self._last[0]) >= self._max_bytes // _END and len(self._last) > 1:
            self._last_bytes -= len(self._last.popleft())

    def _write_end(self) -> None:
        end_bytes = self._max_bytes // _END
        begin_bytes = self._max_bytes - end_bytes
        end = b"".join(self._last)[-end_bytes:] if end_bytes else b""
        self._file.truncate(begin_bytes)
        self._file.seek(begin_bytes)
        self._file.write(self._notice(self._size_bytes - begin_bytes - len(end)) + end)

    def _notice(self, dropped_bytes: int) -> bytes:
        text = (
            f"\n[nightbook: {dropped_bytes:,} bytes are left out here, because this attempt has more than "
            f"{self._max_bytes:,} bytes of output; the limit is max_output_bytes in luigi.cfg]\n"
        )
        return text.encode()


def last_lines(path: Path, *, max_bytes: int = 2000) -> str:
    """Return the end of a log, from the start of a line; empty if there is no log."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        skipped = max(path.stat().st_size - max_bytes, 0)
        file.seek(skipped)
        text = file.read().decode(errors="replace")
    if skipped and "\n" in text:
        text = text.partition("\n")[2]
    return text.strip()
