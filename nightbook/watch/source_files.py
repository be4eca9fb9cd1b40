"""The files that `make watch` follows, and what counts as a change of one."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import watchfiles
from watchfiles import Change

_ENDINGS = (".py", ".pyi", ".cfg", ".toml")  # what the pipeline and the two checks read
_NOTHING = hashlib.sha256(b"").digest()


class Sources(watchfiles.DefaultFilter):
    """Code and settings, without what is made of them and the copies that Jupyter and editors write."""

    ignore_dirs = (*watchfiles.DefaultFilter.ignore_dirs, ".ipynb_checkpoints", "build", "output", "runs")
    ignore_entity_patterns = (*watchfiles.DefaultFilter.ignore_entity_patterns, r"^\.")

    def __call__(self, change: Change, path: str) -> bool:
        """Whether a change of the file counts."""
        return path.endswith(_ENDINGS) and super().__call__(change, path)

    def goes_into(self, folder: Path) -> bool:
        """Whether there may be such files in a folder, by its name."""
        return folder.name not in self.ignore_dirs and not folder.name.startswith(".")

    def files_in(self, folder: Path) -> Iterator[Path]:
        """The files of a folder whose change would count."""
        return (file for file in folder.iterdir() if file.is_file() and self(Change.modified, str(file)))

    def files_below(self, folder: Path) -> Iterator[Path]:
        """Those of the folder and of all below it."""
        for path, folders, _ in os.walk(folder):
            folders[:] = [name for name in folders if self.goes_into(Path(path, name))]
            yield from self.files_in(Path(path))


class Contents:
    """What the watched files hold. JupyterLab saves a notebook again when only its outputs changed."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._digests: dict[Path, bytes] = {}
        self._notebooks: set[Path] = set()
        self.changed(set(files))

    def changed(self, files: set[Path]) -> set[Path]:
        """Those of the files whose content is another than at the last call."""
        now = {file: _content(file) for file in files}
        notebooks = {file for file, content in now.items() if b"\n# %%" in b"\n" + content}
        self._notebooks -= {file for file, content in now.items() if content}
        self._notebooks |= notebooks
        digests = {file: hashlib.sha256(content).digest() for file, content in now.items()}
        changed = {file for file, digest in digests.items() if digest != self._digests.get(file, _NOTHING)}
        self._digests |= digests
        return changed

    def is_notebook(self, file: Path) -> bool:
        """Whether a file is, or was until it was deleted, a notebook and not code that notebooks share."""
        return file in self._notebooks


def _content(file: Path) -> bytes:
    """The file's content; empty if it is gone."""
    try:
        return file.read_bytes()
    except OSError:
        return b""
