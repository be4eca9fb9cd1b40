"""The Python files that `make watch` follows, and what counts as a change of one."""

import hashlib
from pathlib import Path

import watchfiles


class Sources(watchfiles.PythonFilter):
    """Python files, without the copies that Jupyter and editors write beside them."""

    ignore_dirs = (*watchfiles.PythonFilter.ignore_dirs, ".ipynb_checkpoints")
    ignore_entity_patterns = (*watchfiles.PythonFilter.ignore_entity_patterns, r"^\.")


class Contents:
    """What the watched files hold. JupyterLab saves a notebook again when only its outputs changed."""

    def __init__(self, folders: list[Path]) -> None:
        files = (file for folder in folders for file in folder.rglob("*.py"))
        self._digests = {file: _digest(file) for file in files}

    def changed(self, files: set[Path]) -> set[Path]:
        """Those of the files whose content is another than at the last call."""
        now = {file: _digest(file) for file in files}
        changed = {file for file, digest in now.items() if digest != self._digests.get(file, b"")}
        self._digests |= now
        return changed


def is_notebook(file: Path) -> bool:
    """Whether a file is a notebook that no task runs yet, and not code that notebooks share."""
    return file.is_file() and "\n# %%" in f"\n{file.read_text(encoding='utf-8', errors='replace')}"


def _digest(file: Path) -> bytes:
    """The content's SHA-256; empty if the file is gone."""
    try:
        return hashlib.sha256(file.read_bytes()).digest()
    except OSError:
        return b""
