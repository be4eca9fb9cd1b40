"""Rewriting sources from old names of modules to new ones."""

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from nightbook.cli.migration.edits import Edit, apply
from nightbook.cli.migration.imports import Statement, alias_text, from_import, parse_import
from nightbook.cli.migration.namespace import DottedUse, Namespace
from nightbook.cli.migration.public import NIGHTBOOK

_OWN_PACKAGE = "tasks"


def rewrite(sources: Sequence[str], new_names: Mapping[str, str], *, package: str = "") -> list[str]:
    """Return the sources of one namespace with new names; what cannot be understood stays as it is.

    ``new_names`` has the new name of each old module; ``package`` is where relative imports begin.
    """
    edits: list[list[Edit]] = [[] for _ in sources]
    for source, edit in _Rewriting(Namespace(sources), new_names, package).edits():
        edits[source].append(edit)
    return [apply(source, own) for source, own in zip(sources, edits, strict=True)]


@dataclass(frozen=True, slots=True)
class _Import:
    """An import statement to be replaced, and the number of the source that has it."""

    source: int
    node: ast.Import | ast.ImportFrom
    statement: Statement
    is_nested: bool


class _Rewriting:
    """The edits of one namespace, each with the number of its source."""

    def __init__(self, namespace: Namespace, new_names: Mapping[str, str], package: str) -> None:
        self._namespace, self._new_names, self._package = namespace, new_names, package

    def edits(self) -> Iterator[tuple[int, Edit]]:
        yield from self._logger_edits()
        yield from self._dotted_edits()
        yield from self._import_edits()

    @cached_property
    def _imports(self) -> list[_Import]:
        space = self._namespace
        found = []
        for number, node in space.nodes():
            if isinstance(node, ast.Import | ast.ImportFrom) and space.is_alone(number, node):
                statement = parse_import(node, self._new_names, package=self._package)
                if statement is not None and not (statement.dotted and not self._can_rename_dotted):
                    found.append(_Import(number, node, statement, space.is_nested(number, node)))
        return sorted(found, key=lambda each: (each.source, each.node.lineno))

    @cached_property
    def _loggers(self) -> set[str]:
        """Return the names of the module of ``log_*`` functions that can become ``nightbook``."""
        names = {name for each in self._imports for name in each.statement.loggers}
        return {name for name in names if self._can_become_nightbook(name)}

    def _can_become_nightbook(self, name: str) -> bool:
        own = [each.node for each in self._imports if name in each.statement.loggers]
        return (
            self._namespace.uses_only_public(name)
            and all(self._namespace.is_located(node) for _, node in self._namespace.uses(name))
            and not self._namespace.binds(name, but=own)
            and not self._namespace.binds(NIGHTBOOK, but=self._namespace.imports())
        )

    @cached_property
    def _dotted(self) -> list[DottedUse]:
        return list(self._namespace.dotted_uses(self._new_names))

    @cached_property
    def _can_rename_dotted(self) -> bool:
        imports = self._namespace.imports()
        is_bound = any(self._namespace.binds(name, but=imports) for name in (_OWN_PACKAGE, NIGHTBOOK))
        return not is_bound and all(self._namespace.is_located(use.node) for use in self._dotted)

    def _logger_edits(self) -> Iterator[tuple[int, Edit]]:
        for name in self._loggers:
            for number, node in self._namespace.uses(name):
                yield number, Edit(*self._namespace.positions[number].span(node), NIGHTBOOK)

    def _dotted_edits(self) -> Iterator[tuple[int, Edit]]:
        imported = {old for each in self._imports for old in each.statement.dotted}
        for use in self._dotted:
            if use.module in imported:
                new = NIGHTBOOK if use.is_public else self._new_names[use.module]
                yield use.source, Edit(*self._namespace.positions[use.source].span(use.node), new)

    def _import_edits(self) -> Iterator[tuple[int, Edit]]:
        """Replace the statements; at the top of a source, nothing is imported from ``nightbook`` twice."""
        has_nightbook = self._namespace.imports_nightbook()
        collected: set[int] = set()
        for each in self._imports:
            lines, public = self._plain_imports(each.statement), each.statement.public
            if not each.is_nested and _import_line(NIGHTBOOK) in lines:
                if has_nightbook:
                    lines.remove(_import_line(NIGHTBOOK))
                has_nightbook = True
            if not each.is_nested and public:
                public = [] if each.source in collected else self._all_public(each.source)
                collected.add(each.source)
            lines += [from_import(NIGHTBOOK, public)] if public else []
            yield each.source, self._replacement(each, lines)

    def _plain_imports(self, statement: Statement) -> list[str]:
        """Return the new statements, all but that of the public names."""
        loggers = [
            NIGHTBOOK if name in self._loggers else alias_text(NIGHTBOOK, name) for name in statement.loggers
        ]
        dotted = [NIGHTBOOK if self._is_all_public(old) else self._new_names[old] for old in statement.dotted]
        modules = dict.fromkeys((*loggers, *dotted, *statement.modules))
        others = [from_import(module, names) for module, names in statement.others.items()]
        return [*map(_import_line, modules), *others]

    def _is_all_public(self, old: str) -> bool:
        uses = [use.is_public for use in self._dotted if use.module == old]
        return bool(uses) and all(uses)

    def _all_public(self, source: int) -> list[str]:
        """Return the public names that the source imports at its top, in alphabetical order."""
        own = [each.statement for each in self._imports if each.source == source and not each.is_nested]
        return sorted({name for statement in own for name in statement.public})

    def _replacement(self, each: _Import, lines: list[str]) -> Edit:
        positions = self._namespace.positions[each.source]
        indent, after = positions.surroundings(each.node)
        kept = each.statement.kept
        if isinstance(each.node, ast.ImportFrom) and kept:
            module = "." * each.node.level + (each.node.module or "")
            kept = [from_import(module, kept)]
        elif kept:
            kept = [_import_line(name) for name in kept]
        text = "\n".join([*kept, *lines]).replace("\n", f"\n{indent}")
        start, end = positions.span(each.node)
        if text:
            return Edit(start, end, text)
        if after.strip():  # a comment stays
            return Edit(start, end + len(after) - len(after.lstrip()), "")
        return Edit(*positions.whole_lines(each.node), "")


def _import_line(module: str) -> str:
    return f"import {module}"
