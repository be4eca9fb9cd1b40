"""Hashes that change with a record or with the tracker's code; no file of a record is read for it."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def record_fingerprint(folder: Path) -> str:
    """Return a hash of the names, sizes and times of all files of a record."""
    digest = hashlib.sha256()
    for line in sorted(_described(str(folder), "")):
        digest.update(line.encode(errors="surrogateescape"))
    return digest.hexdigest()


def _described(folder: str, inside: str) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for entry in entries:
            name = f"{inside}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                yield from _described(entry.path, name)
            else:
                state = entry.stat(follow_symlinks=False)
                yield f"{name}\0{state.st_size}\0{state.st_mtime_ns}\n"


def code_fingerprint(folders: Iterable[Path], settings: object) -> str:
    """Return a hash of everything a page depends on besides its record: code, templates and settings."""
    digest = hashlib.sha256(repr(settings).encode())
    for folder in folders:
        for file in sorted(folder.rglob("*")):
            if file.suffix in (".py", ".html") and file.is_file():
                digest.update(f"{file.relative_to(folder)}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()
