"""Which code a process has loaded, so that no worker runs the tasks of other code with its own.

A worker that serves one run after the other has the code that it started with; a container even keeps
the notebooks of its image. A run tells, beside the records, which code it has.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import nightbook
from nightbook import settings
from nightbook.record.format.files import write_text

_ANNOUNCED = ".code.sha256"


def code_digest() -> str:
    """A hash of what decides on a run: this package, the notebooks, and the working folder's files."""
    digest = hashlib.sha256()
    for folder, file in sorted(_files()):
        digest.update(f"{file.relative_to(folder)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def announce_code(runs: Path) -> None:
    """Tell workers which code the run that begins has."""
    with suppress(OSError):  # the run, which needs the folder as well, says what is wrong with it
        write_text(runs / _ANNOUNCED, code_digest())


class OtherCode:
    """Sees whether a run with other code than ours has begun since this was made."""

    def __init__(self, runs: Path) -> None:
        self._file = runs / _ANNOUNCED
        self._own = code_digest()
        self._before = self._announced()

    def has_begun(self) -> bool:
        """Whether it has; what was announced before, by a run that may have ended, says nothing."""
        announced = self._announced()
        return announced != self._before and announced[1] != self._own

    def _announced(self) -> tuple[int, str]:
        try:
            return self._file.stat().st_mtime_ns, self._file.read_text(encoding="utf-8")
        except OSError:
            return 0, self._own


def _files() -> Iterator[tuple[Path, Path]]:
    here = Path.cwd()
    for folder in (Path(nightbook.__path__[0]), here / "tasks", settings.settings().notebooks):
        yield from ((folder, file) for file in folder.rglob("*.py"))
    for pattern in ("*.py", "luigi.cfg", "uv.lock"):
        yield from ((here, file) for file in here.glob(pattern))
