"""The files of a project that a file imports, found without importing anything."""

import ast
import hashlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

_MACHINERY = "nightbook"
_Import: TypeAlias = tuple[int, tuple[str, ...]]
"""The number of dots before a module's name, and the parts of the name."""


def project_folders(*first: Path) -> list[Path]:
    """Return the folders in which the project's own modules are looked for, ``first`` before all others."""
    here = Path.cwd()
    below = [Path(entry) for entry in sys.path if Path(entry).is_relative_to(here) and is_own(Path(entry))]
    return list(dict.fromkeys([*first, here, *below]))


def is_own(file: Path) -> bool:
    """Return True for a file below the working folder that is no installed package's and not this one's."""
    here = Path.cwd()
    if not file.is_relative_to(here):
        return False
    parts = file.relative_to(here).parts
    installed = any(part.startswith(".") or part == "site-packages" for part in parts)
    return parts[:1] != (_MACHINERY,) and not installed


def digests(files: Iterable[Path], folders: Sequence[Path]) -> dict[Path, str]:
    """Return the SHA-256 of the files and of all own modules that they import, and those import in turn.

    ``folders`` are where modules are looked for. A file that cannot be read is left out.
    """
    found: dict[Path, str] = {}
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        try:
            stat = file.stat()
            found[file], imports = _read(file, stat.st_mtime_ns, stat.st_size)
        except OSError:
            continue
        waiting += [module for one in imports for module in _modules(file, one, folders)]
    return found


@lru_cache(maxsize=4096)
def _read(file: Path, _mtime_ns: int, _size: int) -> tuple[str, tuple[_Import, ...]]:
    """Return the file's SHA-256 and its imports; again only when its time or size has changed."""
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if file.suffix != ".py":
        return digest, ()
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):
        return digest, ()
    return digest, tuple(dict.fromkeys(_imports(tree)))


def _imports(tree: ast.AST) -> Iterator[_Import]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, tuple(name.name.split("."))) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = tuple(node.module.split(".")) if node.module else ()
            yield from ((node.level, (*module, name.name)) for name in node.names)


def _modules(file: Path, imported: _Import, folders: Sequence[Path]) -> list[Path]:
    """Return the files of a module and of the packages around it, from the first folder that has it."""
    level, parts = imported
    if level:
        return _below(file.parents[level - 1], parts) if level <= len(file.parents) else []
    if parts[0] == _MACHINERY:
        return []
    return next((found for folder in folders if (found := _below(folder, parts))), [])


def _below(folder: Path, parts: Sequence[str]) -> list[Path]:
    found = []
    for part in parts:
        package, module = folder / part / "__init__.py", folder / f"{part}.py"
        if package.is_file():
            found.append(package)
        elif module.is_file():
            return [*found, module]
        folder /= part  # without a file of its own, a package of the kind that needs none
    return found
