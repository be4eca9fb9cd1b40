"""Writes files into an attempt's folder: hashed on the way, and visible only when whole."""

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.files import new_file

_CHUNK_BYTES = 1024 * 1024
_MEDIA_TYPES = {
    ".onnx": "application/onnx",
    ".md": "text/markdown",
    ".parquet": "application/vnd.apache.parquet",
    ".webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """The facts that the record has about a stored file."""

    media_type: str
    size_bytes: int
    sha256: str


def store_copy(source: Path, target: Path) -> StoredFile:
    """Copy a file in one pass that also hashes it; return its facts. Memory does not grow with its size."""
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as reader, new_file(target) as part, part.open("wb") as writer:
        while chunk := reader.read(_CHUNK_BYTES):
            digest.update(chunk)
            size += writer.write(chunk)
    return StoredFile(media_type_of(target.name), size, digest.hexdigest())


def store_bytes(data: bytes, target: Path) -> StoredFile:
    """Write bytes as a file; return its facts."""
    with new_file(target) as part:
        part.write_bytes(data)
    return StoredFile(media_type_of(target.name), len(data), hashlib.sha256(data).hexdigest())


def media_type_of(name: str) -> str:
    """Return the media type for the ending of a file's name, the same on every machine."""
    # Not mimetypes.guess_type, which also reads the machine's /etc/mime.types.
    guessed, compression = mimetypes.MimeTypes().guess_type(name)
    if compression:
        guessed = "application/gzip" if compression == "gzip" else None
    return _MEDIA_TYPES.get(Path(name).suffix.lower()) or guessed or "application/octet-stream"
