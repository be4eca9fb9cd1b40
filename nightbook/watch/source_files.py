"""The files that `make watch` follows, and which of them have changed."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import watchfiles
from watchfiles import Change

_ENDINGS = (".py", ".pyi", ".cfg", ".toml")  # what the pipeline and the two checks read
_NOTHING = hashlib.sha256(b"").digest()


class Sources(watchfiles.DefaultFilter):
    """Selects code and settings, without generated files and the copies that Jupyter and editors write."""

    ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, ".ipynb_checkpoints", "build", "output", "runs")
    ignore_entity_patterns = (*watchfiles.DefaultFilter.ignore_entity_patterns, r"^\.")

    def __call__(self, change: Change, path: str) -> bool:
        """Return True if a change of the file counts."""
        return path.endswith(_ENDINGS) and super().__call__(change, path)

    def goes_into(self, folder: Path) -> bool:
        """Return True if a folder of this name may hold such files."""
        return folder.name not in self.ignore_dirs and not folder.name.startswith(".")

    def files_in(self, folder: Path) -> Iterator[Path]:
        """Return the files in a folder whose change would count."""
        return (file for file in folder.iterdir() if file.is_file() and self(Change.modified, str(file)))

    def files_below(self, folder: Path) -> Iterator[Path]:
        """Return the files in a folder and in all below it whose change would count."""
        for path, folders, _ in os.walk(folder):
            folders[:] = [name for name in folders if self.goes_into(Path(path, name))]
            yield from self.files_in(Path(path))


class Contents:
    """The contents of the watched files: JupyterLab saves a notebook again when only its outputs changed."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._digests: dict[Path, bytes] = {}
        self._notebooks: set[Path] = set()
        self.changed(set(files))

    def changed(self, files: set[Path]) -> set[Path]:
        """Return the files whose content has changed since the last call."""
        now = {file: _content(file) for file in files}
        notebooks = {file for file, content in now.items() if b"\n# %%" in b"\n" + content}
        self._notebooks -= {file for file, content in now.items() if content}
        self._notebooks |= notebooks
        digests = {file: hashlib.sha256(content).digest() for file, content in now.items()}
        changed = {file for file, digest in digests.items() if digest != self._digests.get(file, _NOTHING)}
        self._digests |= digests
        return changed

    def is_notebook(self, file: Path) -> bool:
        """Return True if a file is, or was before it was deleted, a notebook and not shared code."""
        return file in self._notebooks


def _content(file: Path) -> bytes:
    """Return the file's content, or nothing if it is gone."""
    try:
        return file.read_bytes()
    except OSError:
        return b""
