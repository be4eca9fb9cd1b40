"""A log file that takes a limited amount of output."""

from pathlib import Path
from types import TracebackType
from typing import Self


class BoundedLog:
    """Writes bytes to a file at once, up to ``max_bytes``; a notice stands in place of the rest."""

    def __init__(self, path: Path, max_bytes: int) -> None:
        self._file = path.open("wb", buffering=0)  # so that a reader sees what has been written so far
        self._max_bytes = max_bytes
        self._room = max_bytes
        self._full = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, data: bytes) -> None:
        """Write the data as far as there is room."""
        if self._full:
            return
        self._file.write(data[: self._room])
        if len(data) > self._room:
            self._full = True
            self._file.write(self._notice())
        self._room = max(self._room - len(data), 0)

    def _notice(self) -> bytes:
        text = (
            f"\n[nightbook: this attempt has more than {self._max_bytes} bytes of output, the rest is not "
            "stored; the limit is max_output_bytes in luigi.cfg]\n"
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
