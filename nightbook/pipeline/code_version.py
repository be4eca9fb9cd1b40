"""Which code a process has loaded, so that no worker runs the tasks of other code with its own.

A worker that serves one run after the other keeps the code that it started with, and in a container even the
notebooks of its image. Each run announces its code in a file beside the records.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nightbook
from nightbook.pipeline.entry_point import PipelineError, code_folder
from nightbook.record.format.files import write_text
from nightbook.settings import settings

_ANNOUNCED = ".code.sha256"


def code_digest() -> str:
    """Return a hash of all code that a run depends on.

    It covers this package, the folders of the notebooks and of the pipeline that luigi.cfg names, and the
    working folder's own files.
    """
    digest = hashlib.sha256()
    for folder, file in sorted(_files()):
        digest.update(f"{file.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def announce_code(runs: Path) -> None:
    """Announce the code of the run that begins to the workers."""
    with suppress(OSError):  # the run, which needs the folder as well, reports what is wrong with it
        write_text(runs / _ANNOUNCED, code_digest())


class CodeWatcher:
    """Watches for a run with other code than this process has loaded."""

    def __init__(self, runs: Path) -> None:
        self._file = runs / _ANNOUNCED
        self._own = code_digest()
        self._before = self._announced()

    def changed(self) -> bool:
        """Return True if a run with other code has begun since this object was made.

        An earlier announcement does not count: its run may have ended.
        """
        announced = self._announced()
        return announced != self._before and announced[1] != self._own

    def _announced(self) -> tuple[int, str]:
        try:
            return self._file.stat().st_mtime_ns, self._file.read_text(encoding="utf-8")
        except OSError:
            return 0, self._own


def _files() -> Iterator[tuple[Path, Path]]:
    """Return each file with the folder below which it is named."""
    here = Path.cwd()
    folders = {Path(nightbook.__path__[0]), settings().notebooks}
    with suppress(PipelineError):
        folders.add(code_folder(settings().pipeline))
    # The working folder holds environments and records, too: of its files only those in it itself count.
    for folder in folders - {here}:
        yield from ((folder, file) for file in folder.rglob("*.py"))
    for pattern in ("*.py", "luigi.cfg", "uv.lock"):
        yield from ((here, file) for file in here.glob(pattern))
