"""The files of a record that may leave the machine, as an allow-list.

The *portable* record leaves out outputs and the machinery's logs, which may be large or name folders of the
machine. What a body printed is in it: of a notebook, it says no more than the notebook does. The *compact*
record is small enough to be kept for ever: it leaves out notebooks, their output and logged files too.
"""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from nightbook.record.format.names import check_artifact_name, check_task_id
from nightbook.record.format.packed_names import pack_name, unpack_name

MAX_FILES = 5_000
MAX_FILE_BYTES = 100_000_000
MAX_RECORD_BYTES = 200_000_000
_SPANS = re.compile(r"[\w%(@\[][^/\\\0]{0,249}\.jsonl")
_REPORTS = frozenset({"dag.mmd", "gantt.mmd", "summary.md"})
_OF_ATTEMPTS = frozenset({"notebook.ipynb", "notebook.html", "source.txt", "output.log"})
_ATTEMPT = re.compile(r"attempt-\d{2,6}", re.ASCII)


def is_compact(path: PurePosixPath) -> bool:
    """Return True if a file, relative to the record's folder, is part of the compact record."""
    match path.parts:
        case ("spans", name):
            return name.isprintable() and bool(_SPANS.fullmatch(name))
        case ("report", name):
            return name in _REPORTS
    return False


def is_portable(path: PurePosixPath) -> bool:
    """Return True if a file, relative to the record's folder, is part of the portable record."""
    folder, name = _split_artifact(path)
    if name:
        return _is_artifact(name)
    match folder.parts:
        case ("tasks", *task, attempt, name) if name in _OF_ATTEMPTS:
            return _is_attempt(task, attempt)
    return is_compact(path)


def pack_path(path: PurePosixPath) -> PurePosixPath:
    """Return the path of a file in the packed record, which GitHub takes; see ``packed_names``."""
    folder, name = _split_artifact(path)
    return folder / pack_name(name)


def unpack_path(packed: PurePosixPath) -> PurePosixPath:
    """Return the path in the record that ``pack_path`` was given."""
    folder, name = _split_artifact(packed)
    return folder / unpack_name(name)


def files_of(record: Path) -> Iterator[PurePosixPath]:
    """Yield all files of a record, relative to its folder, in order; links are skipped."""
    for folder, folders, names in os.walk(record):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if path.is_file() and not path.is_symlink():
                yield PurePosixPath(path.relative_to(record))


def pack_record(record: Path, into: Path) -> list[PurePosixPath]:
    """Copy the portable record to ``into/RUN_ID``, with packed names; return what is left out for its size.

    A record that is larger than the bounds is refused by whoever fetches it, so the largest files are left
    out first, and never a part of the compact record.
    """
    target = into / record.name
    shutil.rmtree(target, ignore_errors=True)
    sizes = {file: (record / file).stat().st_size for file in files_of(record) if is_portable(file)}
    left_out = [file for file, size in sizes.items() if size > MAX_FILE_BYTES and not is_compact(file)]
    packed = {file: size for file, size in sizes.items() if file not in left_out}
    for file in sorted(packed, key=lambda file: -packed[file]):
        if is_compact(file):
            continue
        if sum(packed.values()) <= MAX_RECORD_BYTES and len(packed) <= MAX_FILES:
            break
        del packed[file]
        left_out.append(file)
    copy_files(record, {file: pack_path(file) for file in packed}, target)
    return sorted(left_out)


def copy_files(record: Path, files: Mapping[PurePosixPath, PurePosixPath], target: Path) -> None:
    """Copy files, named relative to the record's folder, to the given places below ``target``."""
    for file, place in files.items():
        (target / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record / file, target / place)


def _split_artifact(path: PurePosixPath) -> tuple[PurePosixPath, str]:
    """Return the folder of an attempt's artifacts and the artifact's name, which other files do not have."""
    for depth in (4, 5):  # of a task without and with parameters
        match path.parts[:depth]:
            case ("tasks", *task, attempt, "artifacts") if _is_attempt(task, attempt):
                return PurePosixPath(*path.parts[:depth]), "/".join(path.parts[depth:])
    return path, ""


def _is_attempt(task: list[str], attempt: str) -> bool:
    try:
        check_task_id("/".join(task))
    except ValueError:
        return False
    return bool(_ATTEMPT.fullmatch(attempt))


def _is_artifact(name: str) -> bool:
    try:
        check_artifact_name(name)
    except ValueError:
        return False
    return True
