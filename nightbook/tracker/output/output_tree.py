"""The folder with the finished site: what is written to it, and what is removed from it again."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from nightbook.record.format.files import new_file


def write_page(target: Path, content: str) -> bool:
    """Write the text, if it is not there yet; whether it was written."""
    return write_file(target, content.encode())


def write_file(target: Path, content: bytes) -> bool:
    """Write the bytes, if they are not there yet; whether they were written.

    A file that did not change keeps its time, so that uploads and caches can pass over it.
    """
    try:
        if target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
    except OSError:
        pass  # it is not there
    with new_file(target) as part:
        part.write_bytes(content)
    return True


def put_file(source: Path, target: Path) -> None:
    """Put a record's file on the site.

    A hard link costs neither time nor space, and a record's files are replaced, never changed: the
    page keeps what it was built with. Where links are impossible (another file system, a file of
    somebody else), it is copied.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except FileExistsError:
        if not target.samefile(source):
            target.unlink()
            put_file(source, target)
    except OSError:
        with new_file(target) as part:
            shutil.copyfile(source, part)


def remove_others(folder: Path, kept: Collection[Path]) -> None:
    """Remove all files below the folder that are not among those, and folders that become empty."""
    for path, _, names in os.walk(folder, topdown=False):
        for name in names:
            file = Path(path, name)
            if file not in kept:
                file.unlink()
        if not any(os.scandir(path)):
            Path(path).rmdir()


def remove_folder(folder: Path) -> None:
    """Remove the folder and all in it, if it is there."""
    if folder.exists():
        shutil.rmtree(folder)
