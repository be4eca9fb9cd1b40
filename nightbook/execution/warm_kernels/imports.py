"""Finding what notebooks import in their text: by default, this is what the warm process imports."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path


def find_imports(notebooks: Path) -> list[str]:
    """Return the modules that the Python files below the folder import, each once.

    Modules that lie in the folder itself are left out: they may change while workers live. A name that is
    imported from a module is listed as if it were a module too, because it may be one. A file that is not
    valid Python imports nothing: the notebook reports the error when it runs.
    """
    own = {path.stem for path in notebooks.iterdir()} if notebooks.is_dir() else set()
    found = (module for file in sorted(notebooks.rglob("*.py")) for module in _imports(file, notebooks))
    return [module for module in dict.fromkeys(found) if module.partition(".")[0] not in own]


def _imports(file: Path, notebooks: Path) -> Iterable[str]:
    try:
        tree = ast.parse(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, SyntaxError):
        return []
    return _imported(tree, file.relative_to(notebooks).parent.parts)


def _imported(tree: ast.Module, package: tuple[str, ...]) -> Iterator[str]:
    """Yield the modules that a file of the package imports anywhere in its text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package[: len(package) + 1 - node.level] if node.level else ()
            module = ".".join([*parents, *([node.module] if node.module else [])])
            yield from [module] if module else []
            yield from (f"{module}.{alias.name}".lstrip(".") for alias in node.names)
