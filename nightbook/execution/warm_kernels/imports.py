"""Finding what notebooks import in their text: by default, this is what the warm process imports."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path


def find_imports(notebooks: Path) -> dict[str, list[str]]:
    """Return the modules that each Python file below the folder imports, by the file's path.

    Those that it imports itself come first, then those that it imports by other files of the folder. These
    files are left out themselves: they may change while workers live. A name that is imported from a module
    is listed as if it were a module too, because it may be one. A file that is not valid Python imports
    nothing: the notebook reports the error when it runs.
    """
    own = {path.stem for path in notebooks.iterdir()} if notebooks.is_dir() else set()
    direct = {file: list(_imports(file, notebooks)) for file in sorted(notebooks.rglob("*.py"))}
    found = {}
    for file in direct:
        modules = (module for one in _with_own_imports(file, notebooks, direct) for module in direct[one])
        found[str(file)] = [m for m in dict.fromkeys(modules) if m.partition(".")[0] not in own]
    return found


def _with_own_imports(file: Path, notebooks: Path, direct: Mapping[Path, Sequence[str]]) -> list[Path]:
    """Return the file, and the files of the folder that it imports, directly or by others."""
    found = [file]
    for one in found:  # it grows
        files = (path for module in direct[one] for path in _files_of(module, notebooks))
        found += dict.fromkeys(path for path in files if path in direct and path not in found)
    return found


def _files_of(module: str, notebooks: Path) -> Iterator[Path]:
    """Yield the files that importing the module would execute if it lay in the folder."""
    folder = notebooks
    for name in module.split("."):
        yield folder / f"{name}.py"
        folder /= name
        yield folder / "__init__.py"


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
