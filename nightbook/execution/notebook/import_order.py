"""Finding notebooks that set variables before they import what may read them.

A library that has been imported before the notebook began has not seen them: such a notebook needs a fresh
kernel.
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_MAGIC = re.compile(r"^\s*%(set_)?env\s+\S*[= ]", re.MULTILINE)
_NOT_PYTHON = re.compile(r"^\s*[%!].*$", re.MULTILINE)
_CHANGES = {"update", "setdefault", "pop", "clear", "popitem"}
_READ_NOTHING = {"nightbook", *sys.stdlib_module_names}
_SETS, _IMPORTS = "sets", "imports"
_FUNCTIONS = {"putenv", "unsetenv", "load_dotenv"}


def sets_variables_before_imports(cells: Iterable[str], folder: Path) -> bool:
    """Return True if the code may set an environment variable before it imports an installed module.

    Modules that lie in the folder are looked at as if their text stood in place of the import. It is better
    to start a kernel afresh without need than to import a library too early.
    """
    has_set = False
    for step in _steps(cells, folder, set()):
        if step == _SETS:
            has_set = True
        elif has_set:
            return True
    return False


def _steps(cells: Iterable[str], folder: Path, seen: set[Path]) -> Iterator[str]:
    for cell in cells:
        if _MAGIC.search(cell):
            yield _SETS
        try:
            tree = ast.parse(_NOT_PYTHON.sub("", cell))
        except (SyntaxError, ValueError):
            continue
        for node in _in_order(tree):
            if _sets_variable(node):
                yield _SETS
            for module in _modules(node):
                own = folder / f"{module}.py"
                if own.is_file() and own not in seen:
                    yield from _steps([_text(own)], folder, seen | {own})
                elif not own.is_file() and module not in _READ_NOTHING:
                    yield _IMPORTS


def _in_order(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts in the order of the text."""
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_order(child)


def _sets_variable(node: ast.AST) -> bool:
    if isinstance(node, ast.Subscript):
        return isinstance(node.ctx, ast.Store | ast.Del) and _is_environment(node.value)
    if isinstance(node, ast.AugAssign):
        return _is_environment(node.target)
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    if isinstance(function, ast.Attribute) and function.attr in _CHANGES:
        return _is_environment(function.value)
    return _name(function) in _FUNCTIONS


def _is_environment(node: ast.AST) -> bool:
    return _name(node) in {"environ", "environb"}


def _name(node: ast.AST) -> str:
    """Return the last part of a name: `environ` of `os.environ`."""
    return getattr(node, "attr", "") or getattr(node, "id", "")


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name.partition(".")[0] for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return [node.module.partition(".")[0]]
    return []


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
