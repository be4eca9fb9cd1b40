"""The files of a record that the site may carry, and those that only the whole record has."""

import os
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from stat import S_ISREG

from tasks.runlog.files import new_file
from tasks.runlog.portable import files_of, is_portable

# Served from the site's origin, HTML, SVG, XML or a script would act as the site itself, and a PDF can
# hold scripts. Such files are in record.zip. A server tells the kind by the name's ending, so the
# ending is what counts here, whatever the record says of the file's kind.
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp")
_TEXTS = (".csv", ".tsv", ".txt", ".log", ".md", ".json", ".jsonl", ".ipynb")
_ARRAYS = (".npz", ".npy", ".parquet", ".feather", ".arrow", ".h5", ".hdf5", ".sqlite")
_MODELS = (".onnx", ".safetensors", ".pkl", ".joblib", ".pt", ".pth", ".bin")
_ARCHIVES = (".zip", ".gz", ".zst", ".7z", ".tar")
_SOUNDS = (".wav", ".mp3", ".mp4")
_INERT = frozenset((*_IMAGES, *_TEXTS, *_ARRAYS, *_MODELS, *_ARCHIVES, *_SOUNDS))
_COMPRESSED = frozenset((*_IMAGES, ".npz", ".parquet", *_ARCHIVES, ".mp3", ".mp4"))
_FASTEST = 1
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)  # of a file in a ZIP archive
_LATEST = datetime(2107, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RecordFiles:
    """The files below a record's folder; links out of it are never followed."""

    folder: Path
    max_bytes: int

    def find(self, path: PurePosixPath) -> Path | None:
        """The file at a path of the record, if it is there and really in the record."""
        file = self.folder / path
        try:
            inside = file.resolve(strict=True) == self.folder.resolve() / path
        except (OSError, RuntimeError):  # it is not there, or its links go in a circle
            return None
        return file if inside and S_ISREG(file.lstat().st_mode) and os.access(file, os.R_OK) else None

    def find_carried(self, path: PurePosixPath) -> Path | None:
        """The file, if the site may carry it under its own name."""
        if path.suffix.lower() not in _INERT:
            return None
        file = self.find(path)
        return file if file and file.stat().st_size <= self.max_bytes else None


def write_archive(files: RecordFiles, target: Path) -> None:
    """Write the portable record as a ZIP archive, in a folder of the run's name."""
    with new_file(target) as part, zipfile.ZipFile(part, "w") as archive:
        for path in filter(is_portable, files_of(files.folder)):
            file = files.find(path)
            if file:
                _add(archive, f"{files.folder.name}/{path}", file)


def _add(archive: zipfile.ZipFile, name: str, file: Path) -> None:
    """Fast rather than small: most of a record is compressed already."""
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
