"""Sources of one namespace, a module or the cells of a notebook, and the names in their code."""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nightbook.cli.migration.edits import Positions
from nightbook.cli.migration.public import NIGHTBOOK, is_public

_MAGIC = re.compile(r"^([ \t]*)[%!]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DottedUse:
    """A use of a module by its whole old name; ``is_public`` if ``nightbook`` has the name it is used for."""

    source: int
    node: ast.Attribute
    module: str
    is_public: bool


class Namespace:
    """Sources that see each other's names. A source that cannot be parsed has no statements."""

    def __init__(self, sources: Sequence[str]) -> None:
        self.sources = sources
        self.trees = [_parse(source) for source in sources]
        self.positions = [Positions(source) for source in sources]
        self._parents = {child: node for _, node in self.nodes() for child in ast.iter_child_nodes(node)}

    def nodes(self) -> Iterator[tuple[int, ast.AST]]:
        """Iterate over the nodes of all trees, each with the number of its source."""
        for number, tree in enumerate(self.trees):
            for node in ast.walk(tree):
                yield number, node

    def is_nested(self, source: int, node: ast.stmt) -> bool:
        """Return True if the statement is within another one."""
        return self._parents[node] is not self.trees[source]

    def is_alone(self, source: int, node: ast.stmt) -> bool:
        """Return True if the statement shares its lines with no other, and has no comment within."""
        positions = self.positions[source]
        start, end = positions.span(node)
        before, after = positions.surroundings(node)
        has_comment = "#" in self.sources[source][start:end]
        return not has_comment and not before.strip() and after.strip()[:1] in ("", "#")

    def is_located(self, node: ast.AST) -> bool:
        """Return True if the node's position is right: within f-strings it is only since Python 3.12."""
        while node in self._parents:
            node = self._parents[node]
            if isinstance(node, ast.JoinedStr):
                return False
        return True

    def imports(self) -> list[ast.AST]:
        """Return all import statements."""
        return [node for _, node in self.nodes() if isinstance(node, ast.Import | ast.ImportFrom)]

    def imports_nightbook(self) -> bool:
        """Return True if a source has the statement ``import nightbook`` at its top."""
        imports = [node for tree in self.trees for node in tree.body if isinstance(node, ast.Import)]
        return any((each.name, each.asname) == (NIGHTBOOK, None) for node in imports for each in node.names)

    def uses(self, name: str) -> list[tuple[int, ast.Name]]:
        """Return the places where the name stands, each with the number of its source."""
        return [
            (number, node) for number, node in self.nodes() if isinstance(node, ast.Name) and node.id == name
        ]

    def uses_only_public(self, name: str) -> bool:
        """Return True if the name, that of a module, is used only for what ``nightbook`` itself has."""
        return all(self._is_used_for_public(node, NIGHTBOOK) for _, node in self.uses(name))

    def dotted_uses(self, new_names: Mapping[str, str]) -> Iterator[DottedUse]:
        """Iterate over the uses of old modules by their whole names."""
        for number, node in self.nodes():
            old = _dotted_name(node)
            if isinstance(node, ast.Attribute) and old in new_names:
                yield DottedUse(number, node, old, self._is_used_for_public(node, new_names[old]))

    def binds(self, name: str, *, but: Sequence[ast.AST] = ()) -> bool:
        """Return True if any node, apart from ``but``, gives the name a meaning, such as a parameter does."""
        return any(node not in but and name in _bound_names(node) for _, node in self.nodes())

    def _is_used_for_public(self, node: ast.expr, module: str) -> bool:
        user = self._parents[node]
        return isinstance(user, ast.Attribute) and is_public(module, user.attr)


def _parse(source: str) -> ast.Module:
    """Return the tree of the source, in which magics are comments; an empty one if it is not Python."""
    try:
        return ast.parse(_MAGIC.sub(r"\1#", source))
    except (SyntaxError, ValueError):
        return ast.Module(body=[], type_ignores=[])


def _dotted_name(node: ast.AST) -> str:
    """Return ``a.b.c`` of a name and its attributes; nothing of other expressions."""
    if isinstance(node, ast.Attribute):
        before = _dotted_name(node.value)
        return f"{before}.{node.attr}" if before else ""
    return node.id if isinstance(node, ast.Name) else ""


def _bound_names(node: ast.AST) -> Sequence[str | None]:
    """Return the names to which the node gives a meaning."""
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
            return [name]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return [name]
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return [node.name]
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            return [alias.asname or alias.name.partition(".")[0] for alias in aliases]
    return []
