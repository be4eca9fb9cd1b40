"""A project's own files: their sources, and what of them still has old names."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from nightbook.cli.migration.rewriting import rewrite

DEFAULT_PATHS = (Path("tasks"), Path("notebooks"), Path("tests/demo"), Path("site"))
_NOTEBOOK = ".ipynb"
_TASKS = "tasks"


@dataclass(frozen=True, slots=True)
class Migrated:
    """A file with new names: its text before and after, and the lines that still have old names."""

    before: str
    after: str
    left: tuple[tuple[int, str], ...]


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Iterate over Python files and notebooks: of ``tasks`` and ``site`` without sub-folders."""
    for path in paths:
        if path.is_file():
            yield path
            continue
        pattern = "*" if path.name in (_TASKS, "site") else "**/*"
        yield from (
            file
            for file in sorted(path.glob(pattern))
            if file.suffix in (".py", _NOTEBOOK)
            and file.is_file()
            and not any(part.startswith(".") for part in file.relative_to(path).parts)
        )


def migrate_file(file: Path, new_names: Mapping[str, str]) -> Migrated:
    """Return the file with new names. Raise ValueError if it is no text, or no notebook."""
    before = file.read_bytes().decode("utf-8")
    package = _TASKS if file.absolute().parent.name == _TASKS else ""
    if file.suffix == _NOTEBOOK:
        after = _migrate_notebook(before, new_names)
    else:
        after = rewrite([before], new_names, package=package)[0]
    return Migrated(before, after, tuple(_old_lines(after, new_names)))


def _migrate_notebook(text: str, new_names: Mapping[str, str]) -> str:
    """Return the notebook with new names in its code cells; the text itself if none has an old name."""
    notebook = json.loads(text)
    cells = [cell for cell in notebook.get("cells", []) if cell.get("cell_type") == "code"]
    sources = ["".join(cell["source"]) for cell in cells]
    rewritten = rewrite(sources, new_names)
    if rewritten == sources:
        return text
    for cell, source in zip(cells, rewritten, strict=True):
        cell["source"] = source.splitlines(keepends=True) if isinstance(cell["source"], list) else source
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


def _old_lines(text: str, new_names: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Iterate over the lines, each with its number, that name an old module."""
    names = "|".join(sorted({re.escape(name.split(".")[1]) for name in new_names}))
    old = re.compile(rf"(?<![/.\w])tasks\.({names})\b|from (tasks|\.) import [^#\n]*\b({names})\b|-m tasks\b")
    for number, line in enumerate(text.splitlines(), 1):
        if old.search(line):
            yield number, line.strip()
