"""Files that appear whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def new_file(target: Path) -> Iterator[Path]:
    """Yield a path to write to; it is renamed to ``target`` when the context ends without an error."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    """Write the text as a file in UTF-8.

    Half of a surrogate pair, which a notebook may have and UTF-8 cannot hold, is written as its escape, such
    as u+d800 after a backslash: in JSON, it is read as what it was.
    """
    with new_file(target) as part:
        part.write_text(text, encoding="utf-8", errors="backslashreplace")
