"""The files of a record that the site may carry, and those that only the whole record has."""

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from nightbook.record.format.files import new_file
from nightbook.record.read.portable import files_of, is_portable

# HTML, SVG, XML and scripts would act as the site itself if they came from its origin, and a PDF can hold
# scripts; such files are only in record.zip. A web server derives a file's type from the name's ending
# (Apache: from each of its endings), so the ending decides here, whatever type the record states.
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_TEXTS = (".csv", ".tsv", ".txt", ".log", ".md", ".json", ".jsonl", ".ipynb")
_ARRAYS = (".npz", ".npy", ".parquet", ".feather", ".arrow", ".h5", ".hdf5", ".sqlite")
_MODELS = (".onnx", ".safetensors", ".pkl", ".joblib", ".pt", ".pth", ".bin")
_ARCHIVES = (".zip", ".gz", ".zst", ".7z", ".tar")
_SOUNDS = (".wav", ".mp3", ".mp4")
_INERT = frozenset((*_IMAGES, *_TEXTS, *_ARRAYS, *_MODELS, *_ARCHIVES, *_SOUNDS))
_PAGES = (".html", ".htm", ".xhtml", ".xht", ".shtml", ".svg", ".svgz", ".xml", ".xsl", ".pdf")
_ACTING = frozenset((*_PAGES, ".js", ".mjs", ".php"))
_COMPRESSED = frozenset((*_IMAGES, ".ipynb", ".npz", ".parquet", *_ARCHIVES, ".mp3", ".mp4"))
_NOTEBOOK_PAGE = "notebook.html"
_FASTEST = 1
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # of a file in a ZIP archive
_LATEST = datetime(2107, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """The portable files of a record with their sizes in bytes; links that lead out of it do not count."""

    folder: Path
    sizes: Mapping[PurePosixPath, int]
    max_bytes: int

    @classmethod
    def of(cls, folder: Path, max_bytes: int) -> "RecordFiles":
        """Return the files that exist now; the site carries none of more than ``max_bytes``."""
        portable = filter(is_portable, files_of(folder))
        return cls(folder, {path: (folder / path).lstat().st_size for path in portable}, max_bytes)

    def find(self, path: PurePosixPath) -> Path | None:
        """Return the file at a path of the record, or None if the record has no such file."""
        return self.folder / path if path in self.sizes else None

    def find_carried(self, path: PurePosixPath) -> Path | None:
        """Return the file, or None if the site may not carry it under its own name."""
        if not _is_inert(path) or self.sizes.get(path, self.max_bytes + 1) > self.max_bytes:
            return None
        return self.folder / path


def _is_inert(path: PurePosixPath) -> bool:
    """Return whether no web server takes the file for a page or a script."""
    *others, last = [ending.lower() for ending in path.suffixes] or [""]
    return last in _INERT and _ACTING.isdisjoint(others)


def write_archive(files: RecordFiles, target: Path) -> None:
    """Write the portable record as a ZIP archive, in a folder of the run's name.

    The HTML pages of its notebooks are left out: they are half of its size, the site has them anyway, and
    `nightbook report` makes them again.
    """
    with new_file(target) as part, zipfile.ZipFile(part, "w") as archive:
        for path in files.sizes:
            if path.name != _NOTEBOOK_PAGE:
                _add(archive, f"{files.folder.name}/{path}", files.folder / path)


def _add(archive: zipfile.ZipFile, name: str, file: Path) -> None:
    """Add a file, compressed fast rather than well, because most of a record is compressed already."""
    packed = file.suffix.lower() in _COMPRESSED
    archive.writestr(
        _zip_info(name, file),
        file.read_bytes(),
        compress_type=zipfile.ZIP_STORED if packed else zipfile.ZIP_DEFLATED,
        compresslevel=_FASTEST,
    )


def _zip_info(name: str, file: Path) -> zipfile.ZipInfo:
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    moment = min(max(changed, _EARLIEST), _LATEST)
    info = zipfile.ZipInfo(name, moment.timetuple()[:6])
    info.external_attr = 0o644 << 16
    return info
