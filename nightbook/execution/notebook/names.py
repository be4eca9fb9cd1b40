"""The names in a notebook's code, found without running it."""

import ast
import re
from collections.abc import Iterable, Iterator

_PYTHON_MAGICS = ("%%time", "%%timeit", "%%capture", "%%prun")  # what follows is Python
_ASSIGNED_MAGIC = re.compile(r"(\s*[\w, ]+=\s*)[%!].*")


def parse_cell(source: str) -> ast.Module:
    """Return the code of a cell, in which magics do nothing. Raise SyntaxError if it is no Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.parse(_without_magics(source))


def assigned_names(module: ast.Module) -> set[str]:
    """Return the names that the code assigns to outside of functions and blocks."""
    targets: list[ast.expr] = []
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets.append(statement.target)
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def unbound_names(sources: Iterable[str]) -> set[str]:
    """Return the names that the cells use and that none of them binds, in a function or outside.

    Cells that are no Python are left out: they fail when they run.
    """
    used: set[str] = set()
    bound: set[str] = set()
    for source in sources:
        try:
            module = parse_cell(source)
        except (SyntaxError, ValueError):
            continue
        for node in ast.walk(module):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                used.add(node.id)
            bound.update(_bound_by(node))
    return set() if "*" in bound else used - bound


def _bound_by(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            yield name
        case ast.alias(name=name, asname=other):
            yield other or name.partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name


def _without_magics(source: str) -> str:
    """Return the cell with ``pass`` in place of magics; an empty text for a cell of another language."""
    lines = source.splitlines()
    first = next((line for line in lines if line.strip()), "")
    if first.startswith("%%") and not first.startswith(_PYTHON_MAGICS):
        return ""
    return "\n".join(map(_without_magic, lines))


def _without_magic(line: str) -> str:
    text = line.lstrip()
    if text.startswith(("%", "!", "?")) or text.rstrip().endswith("?"):
        return f"{line[: len(line) - len(text)]}pass"
    assigned = _ASSIGNED_MAGIC.fullmatch(line)
    return f"{assigned[1]}None" if assigned else line
