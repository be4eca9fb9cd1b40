"""Writing to the folder of the finished site, and removing from it; unchanged files keep their times."""

import os
import shutil
from collections.abc import Collection
from pathlib import Path

from nightbook.record.format.files import new_file


def write_page(target: Path, content: str) -> bool:
    """Write the text unless the file has it already; return whether it was written."""
    return write_file(target, content.encode())


def write_file(target: Path, content: bytes) -> bool:
    """Write the bytes unless the file has them already; return whether they were written.

    An unchanged file keeps its time, so that uploads and caches can skip it.
    """
    try:
        if target.stat().st_size == len(content) and target.read_bytes() == content:
            return False
    except OSError:
        pass  # the file does not exist
    with new_file(target) as part:
        part.write_bytes(content)
    return True


def put_file(source: Path, target: Path) -> None:
    """Put a record's file on the site, by a hard link if possible, else by copying it.

    A link costs neither time nor space. As a record's files are replaced and never changed, the site keeps
    the file it was built with. Links are impossible across file systems and to files of another user.
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
    """Remove all files below the folder but the ``kept`` ones, and folders that become empty."""
    for path, _, names in os.walk(folder, topdown=False):
        for name in names:
            file = Path(path, name)
            if file not in kept:
                file.unlink()
        if not any(os.scandir(path)):
            Path(path).rmdir()


def remove_folder(folder: Path) -> None:
    """Remove the folder and everything in it, if it exists."""
    if folder.exists():
        shutil.rmtree(folder)
