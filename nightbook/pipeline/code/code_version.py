"""Which code a process has loaded, so that no worker runs the tasks of other code with its own.

A worker that serves one run after the other keeps the code that it started with, and in a container even the
notebooks of its image. Each invocation of a run writes down its code in the run's folder.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from nightbook.pipeline.code.entry_point import PipelineError, code_folder
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import RunFolder
from nightbook.settings import settings

_PACKAGE = Path(__file__).parents[2]


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


def write_code(run: RunFolder) -> None:
    """Write down that the invocation of the run that begins has this process's code."""
    write_text(run.code, code_digest())


def has_other_code(run: RunFolder, own: str) -> bool:
    """Return True if the run's newest invocation has other code than the digest ``own``.

    An older version of this package, which wrote down nothing, is other code. A run of which there is no
    record at all is nobody's.
    """
    try:
        return run.code.read_text(encoding="utf-8") != own
    except OSError:
        return run.invocations() > 0


def _files() -> Iterator[tuple[Path, Path]]:
    """Return each file with the folder below which it is named."""
    here = Path.cwd()
    folders = {_PACKAGE, settings().notebooks}
    with suppress(PipelineError):
        folders.add(code_folder(settings().pipeline))
    # The working folder holds environments and records, too: of its files only those in it itself count.
    for folder in folders - {here}:
        yield from ((folder, file) for file in folder.rglob("*.py"))
    for pattern in ("*.py", "luigi.cfg", "uv.lock"):
        yield from ((here, file) for file in here.glob(pattern))
