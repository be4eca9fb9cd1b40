"""An executed notebook, as the content of a frame in which no script runs."""

from dataclasses import dataclass
from pathlib import Path

_MAX_BYTES = 3_000_000


@dataclass(frozen=True, slots=True)
class NotebookFragment:
    """The notebook as HTML, and how many bytes of it were left out.

    It is whatever the notebook displayed, scripts included: only a sandboxed frame may show it.
    """

    html: str
    left_out_bytes: int


def read_fragment(file: Path) -> NotebookFragment:
    """Return the start of a notebook's HTML; a browser drops a tag that is cut off at its end."""
    with file.open("rb") as reader:
        kept = reader.read(_MAX_BYTES)
    left_out = max(file.stat().st_size - len(kept), 0)
    return NotebookFragment(kept.decode(errors="replace"), left_out)
