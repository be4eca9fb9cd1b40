"""The record in a zip file that anybody may have made.

Never ``extractall``: each member is checked before the first byte of any is written, and its size is checked
again while it is written.
"""

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from nightbook.github.errors import UntrustedError
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import RUN_ID
from nightbook.record.read.portable import (
    MAX_FILE_BYTES,
    MAX_FILES,
    MAX_RECORD_BYTES,
    is_portable,
    unpack_path,
)
from nightbook.record.read.reader import read_run

_CHUNK_BYTES = 1024 * 1024
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile raises for a broken file; the last two for names, which it decodes without a check.
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, IndexError)


def unpack_record(file: Path, into: Path) -> Path:
    """Unpack the record in a zip file and return its folder, ``into/RUN_ID``.

    Raise UntrustedError, and leave nothing behind, if a member is not a file of a record, if the members are
    too many or too large, or if the record of that run cannot be read.
    """
    into.mkdir(parents=True)
    try:
        with zipfile.ZipFile(file) as archive:
            members = _checked_members(archive)
            _write_members(archive, members, into)
        (run_id,) = {path.parts[0] for path in members.values()}
        if read_run(into / run_id).run_id != run_id:
            raise UntrustedError(f"its spans belong to another run than {run_id}")
    except (UntrustedError, RecordError) as error:
        shutil.rmtree(into)
        raise UntrustedError(f"{file.name} is refused: {error}") from error
    except _BROKEN as error:
        shutil.rmtree(into)
        raise UntrustedError(f"{file.name} cannot be unpacked: {error!s:.200}") from error
    return into / run_id


def _checked_members(archive: zipfile.ZipFile) -> dict[str, PurePosixPath]:
    """Return the path in a record of each member, relative to the folder of all records."""
    members = [member for member in archive.infolist() if not (member.is_dir() and not member.file_size)]
    if not 0 < len(members) <= MAX_FILES:
        raise UntrustedError(f"it has {len(members):,} members, and 1 to {MAX_FILES:,} are allowed")
    if sum(member.file_size for member in members) > MAX_RECORD_BYTES:
        raise UntrustedError(f"it is larger than {MAX_RECORD_BYTES:,} bytes")
    paths = {member.filename: _checked_path(member) for member in members}
    if len({str(path).casefold() for path in paths.values()}) != len(members):
        raise UntrustedError("two of its members have the same name")
    if len({path.parts[0] for path in paths.values()}) != 1:
        raise UntrustedError("it holds more than one run")
    return paths


def _checked_path(member: zipfile.ZipInfo) -> PurePosixPath:
    name = member.orig_filename
    path = PurePosixPath(name)
    if str(path) != name or "\\" in name or "\0" in name:
        raise UntrustedError(f"the member {name!r:.100} does not have the name of a file")
    run_id, *parts = path.parts or ("",)
    inside = unpack_path(PurePosixPath(*parts))
    if not RUN_ID.fullmatch(run_id) or not is_portable(inside):
        raise UntrustedError(f"the member {name!r:.100} is not a file of a record")
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG):
        raise UntrustedError(f"the member {name!r:.100} is not a regular file")
    if member.compress_type not in _METHODS or member.flag_bits & _ENCRYPTED:
        raise UntrustedError(f"the member {name!r:.100} is compressed or encrypted in an unknown way")
    if member.file_size > MAX_FILE_BYTES:
        raise UntrustedError(f"the member {name!r:.100} is larger than {MAX_FILE_BYTES:,} bytes")
    return run_id / inside


def _write_members(archive: zipfile.ZipFile, members: dict[str, PurePosixPath], into: Path) -> None:
    for name, path in members.items():
        target = into / path
        target.parent.mkdir(parents=True, exist_ok=True)
        left = archive.getinfo(name).file_size
        with archive.open(name) as source, target.open("xb") as copy:
            while chunk := source.read(_CHUNK_BYTES):
                left -= len(chunk)
                if left < 0:
                    raise UntrustedError(f"the member {name!r:.100} is larger than it claims")
                copy.write(chunk)
