"""An import statement with old names, and the statements that take its place."""

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from nightbook import old_names
from nightbook.cli.migration.public import NIGHTBOOK, is_public

_OWN_PACKAGE = "tasks"
_LINE_LENGTH = 100


@dataclass(slots=True)
class Statement:
    """What an import statement brings: ``kept`` is no business of ours, the rest has new names.

    ``public`` and the names in ``others`` are ``name`` or ``name as other``, as they stand in an import.
    ``loggers`` are the names by which the code knows the module of ``log_*`` functions, and ``dotted`` the
    modules that it knows by their whole old names.
    """

    kept: list[str] = field(default_factory=list)
    public: list[str] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    modules: list[str] = field(default_factory=list)
    loggers: list[str] = field(default_factory=list)
    dotted: list[str] = field(default_factory=list)

    def is_old(self) -> bool:
        """Return True if there is anything to rename."""
        return bool(self.public or self.others or self.modules or self.loggers or self.dotted)


def parse_import(
    node: ast.Import | ast.ImportFrom, new_names: Mapping[str, str], *, package: str
) -> Statement | None:
    """Return what the statement brings, or None if it has no old names or cannot be understood.

    ``package`` is where relative imports begin.
    """
    statement = (
        _parse_from(node, new_names, package) if isinstance(node, ast.ImportFrom) else _parse(node, new_names)
    )
    return statement if statement is not None and statement.is_old() else None


def from_import(module: str, names: list[str]) -> str:
    """Return ``from module import names``, on several lines if one would be too long."""
    line = f"from {module} import {', '.join(names)}"
    if len(line) <= _LINE_LENGTH:
        return line
    return "\n".join([f"from {module} import (", *(f"    {name}," for name in names), ")"])


def _parse(node: ast.Import, new_names: Mapping[str, str]) -> Statement:
    statement = Statement()
    for alias in node.names:
        new = new_names.get(alias.name)
        if new is None:
            statement.kept.append(alias_text(alias.name, alias.asname))
        elif alias.asname is None:
            statement.dotted.append(alias.name)
        elif new == NIGHTBOOK:
            statement.loggers.append(alias.asname)
        else:
            statement.modules.append(alias_text(new, alias.asname))
    return statement


def _parse_from(node: ast.ImportFrom, new_names: Mapping[str, str], package: str) -> Statement | None:
    module = _absolute_module(node, package)
    if any(alias.name == "*" for alias in node.names):
        return None
    statement = Statement()
    for alias in node.names:
        bound = alias.asname or alias.name
        if module in new_names:
            _add_name(statement, new_names[module], alias.name, alias.asname)
        elif f"{module}.{alias.name}" in new_names and module in (_OWN_PACKAGE, *old_names.PACKAGES):
            new = new_names[f"{module}.{alias.name}"]
            if new == NIGHTBOOK:
                statement.loggers.append(bound)
            else:
                parent, _, leaf = new.rpartition(".")
                statement.others.setdefault(parent, []).append(alias_text(leaf, bound))
        else:
            statement.kept.append(alias_text(alias.name, alias.asname))
    return statement


def _add_name(statement: Statement, module: str, name: str, other: str | None) -> None:
    if is_public(module, name):
        statement.public.append(alias_text(name, other))
    else:
        statement.others.setdefault(module, []).append(alias_text(name, other))


def _absolute_module(node: ast.ImportFrom, package: str) -> str:
    """Return the whole name of the module; nothing if a relative import leads out of the package."""
    if node.level == 0:
        return node.module or ""
    if node.level > 1 or not package:
        return ""
    return f"{package}.{node.module}" if node.module else package


def alias_text(name: str, other: str | None) -> str:
    """Return ``name as other``, or the name alone if there is no other."""
    return name if other in (None, name) else f"{name} as {other}"
