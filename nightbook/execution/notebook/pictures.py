"""The picture files that a notebook's texts show, taken along into the notebook as attachments."""

import re
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from nbformat import NotebookNode

_MEDIA_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
# Bounded, because each is tried at each character of a text.
_REFERENCE = re.compile(
    r"""!\[[^\]]{0,1000}\]\(\s*(?:<([^>\n]{1,500})>|([^)\s]{1,500}))    # ![a plot](images/plot.png)
    |<img\b[^>]{0,1000}?\bsrc\s*=\s*(?:"([^"]{1,500})"|'([^']{1,500})'|([^\s"'>]{1,500}))
    |^[ ]{0,3}\[[^\]\n]{1,200}\]:\s*<?([^\s>]{1,500})                   # [plot]: images/plot.png
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def attach_pictures(notebook: NotebookNode, *, folder: Path, root: Path, max_bytes: int) -> None:
    """Attach the pictures to which the Markdown cells refer by a path relative to ``folder``.

    Only files below ``root`` are taken, and for one cell no more than ``max_bytes``. The text stays as it
    is: a page finds the attachment under the path.
    """
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            room = max_bytes
            for name, file in dict(_pictures(cell.source, folder, root)).items():
                content = _content(file, room) if name not in cell.get("attachments", {}) else None
                if content is not None:
                    room -= len(content)
                    bundle = {_MEDIA_TYPES[file.suffix.lower()]: b64encode(content).decode()}
                    cell.setdefault("attachments", {})[name] = bundle


def _pictures(text: str, folder: Path, root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the files below ``root`` to which a text refers, by their paths as the text has them."""
    for found in _REFERENCE.finditer(text):
        address = next(filter(None, found.groups()), "")
        name = unquote(address).removeprefix("./")
        if "\0" in name or _is_elsewhere(address) or PurePosixPath(name).is_absolute():
            continue
        file = (folder / name).resolve()
        if file.suffix.lower() in _MEDIA_TYPES and file.is_relative_to(root.resolve()):
            yield name, file


def _content(file: Path, max_bytes: int) -> bytes | None:
    """Return the file's bytes; None if it is no file that can be read, or a larger one."""
    try:
        if file.is_file() and file.stat().st_size <= max_bytes:
            return file.read_bytes()
    except OSError:  # its name is too long, or others may not read it
        return None
    return None


def _is_elsewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # such as http://[
        return True
    return bool(parts.scheme or parts.netloc)
