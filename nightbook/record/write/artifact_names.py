"""Names of artifacts that can stand beside each other, on every machine that a record may come to."""

from collections.abc import Iterable, Sequence
from pathlib import Path


def check_new_names(names: Iterable[str], folder: Path | None) -> None:
    """Raise ValueError if files of these checked names cannot stand together, beside what a folder has.

    Names that differ only in case are one name on Windows and macOS; a name cannot be a file and a folder.
    """
    spellings: dict[str, str] = {}
    for name in names:
        paths = _paths(name)
        for path in paths:
            known = spellings.setdefault(path.casefold(), path)
            if folder and known == path:
                known = _other_spelling(folder / path) or path
            if known != path:
                raise ValueError(
                    f"{name!r} cannot be the name of an artifact: it differs from {known!r} only in case"
                )
        if folder:
            _check_kinds(paths, folder)


def _check_kinds(paths: Sequence[str], folder: Path) -> None:
    *parents, name = paths
    if (folder / name).is_dir():
        raise ValueError(f"{name!r} cannot be the name of an artifact: it is a folder of artifacts")
    for parent in parents:
        if (folder / parent).is_file():
            raise ValueError(f"{name!r} cannot be the name of an artifact: {parent!r} is one, and no folder")


def _paths(name: str) -> list[str]:
    """Return the folders of a name and itself: ``a``, ``a/b``, ``a/b/c``."""
    parts = name.split("/")
    return ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]


def _other_spelling(path: Path) -> str:
    """Return a file or folder beside the path that differs only in case; empty if there is none."""
    if path.exists() or not path.parent.is_dir():
        return ""
    beside = (other.name for other in path.parent.iterdir())
    return next((name for name in beside if name.casefold() == path.name.casefold()), "")
