"""What notebooks import, found in their text: the default of what the warm process imports."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def find_imports(notebooks: Path) -> list[str]:
    """The modules that the notebooks and the code beside them import, sorted; not that code itself.

    That may change while workers live. A name that is imported from a module stands there as if it
    were a module too: it may be one. A file that is no Python is left out: the notebook says so when
    it runs.
    """
    files = sorted(notebooks.rglob("*.py"))
    own = {path.stem for path in notebooks.iterdir()} if notebooks.is_dir() else set()
    found = {module for file in files for module in _imports(file)}
    return sorted(module for module in found if module.partition(".")[0] not in own)


def _imports(file: Path) -> Iterable[str]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return []
    return _imported(tree)


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
