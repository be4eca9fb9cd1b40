"""The end of what a body has printed, for the page of its attempt."""

import os
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.render.terminal_text import plain

MAX_BYTES = 100_000
_MAX_LINES = 200


@dataclass(frozen=True, slots=True)
class OutputTail:
    """The last lines as plain text, and whether there are lines before them."""

    text: str
    is_cut: bool


def read_tail(path: Path, max_bytes: int = MAX_BYTES) -> OutputTail | None:
    """Return the end of an output log: at most 200 lines of the last ``max_bytes``; None if there is no text.

    It has no escape sequences, but is not escaped for HTML. A link is not followed.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except OSError:
        return None
    with open(descriptor, "rb") as file:  # noqa: PTH123 a descriptor has no path
        start = max(os.fstat(descriptor).st_size - max_bytes, 0)
        file.seek(start)
        data = file.read(max_bytes)
    if start and b"\n" in data:
        data = data.partition(b"\n")[2]  # the rest of a line says little
    lines = plain(data.decode(errors="replace")).rstrip("\n").split("\n")
    text = "\n".join(lines[-_MAX_LINES:])
    return OutputTail(text, bool(start) or len(lines) > _MAX_LINES) if text.strip() else None
