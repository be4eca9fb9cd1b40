"""Values as Python code that makes them again, for the cell that sets a notebook's parameters."""

import datetime as dt
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from functools import reduce
from pathlib import Path, PurePath
from types import NoneType
from typing import Any

_PREFIX = "_nightbook_"  # of the names that the cell imports, uses and deletes
_DATES = (dt.date, dt.datetime, dt.time, dt.timedelta, dt.timezone)
_INTERVALS = "luigi.date_interval"


class UnwritableValueError(ValueError):
    """A value that no code makes again in another process."""


class LiteralWriter:
    """Writes values as code, and knows which modules the code needs under private names."""

    def __init__(self) -> None:
        self._modules: set[str] = set()
        self._needs_project = False
        # The first type that fits decides: an IntEnum is an Enum, and a subclass of int as good as one.
        self._writers: tuple[tuple[Any, Callable[[Any], str]], ...] = (
            (Enum, self._enum),
            (bool | NoneType | bytes, repr),
            (str, str.__repr__),
            (int, int.__repr__),
            (float, self._float),
            (Mapping, self._mapping),
            (list, lambda value: f"[{self._items(value)}]"),
            (tuple, self._tuple),
            (set | frozenset, self._set),
            (PurePath, lambda value: f"{self.module('pathlib')}.Path({str(value)!r})"),
            (Decimal, lambda value: f"{self.module('decimal')}.{Decimal(value)!r}"),
        )

    @property
    def needs_project(self) -> bool:
        """Return True if the code imports a module of the project's own."""
        return self._needs_project

    @property
    def aliases(self) -> dict[str, str]:
        """The private name of each module that the code needs."""
        return {module: f"{_PREFIX}{module}" for module in sorted(self._modules)}

    def module(self, name: str) -> str:
        """Return the private name of a module of the standard library."""
        self._modules.add(name)
        return f"{_PREFIX}{name}"

    def write(self, value: object) -> str:
        """Return an expression for the value; raise UnwritableValueError if there is none."""
        for types, write in self._writers:
            if isinstance(value, types):
                return write(value)
        if type(value) in _DATES and "zoneinfo" not in repr(value):
            return repr(value).replace("datetime.", f"{self.module('datetime')}.")
        if type(value).__module__ == _INTERVALS:
            intervals = f"{self.module('importlib')}.import_module({_INTERVALS!r})"
            return f"{intervals}.{type(value).__name__}.parse({str(value)!r})"
        raise UnwritableValueError(f"a value of the type {type(value).__name__}")

    def _float(self, value: float) -> str:
        return float.__repr__(value) if math.isfinite(value) else f'float("{float(value)}")'

    def _tuple(self, value: tuple[object, ...]) -> str:
        return f"({self._items(value)}{',' * (len(value) == 1)})"

    def _set(self, value: set[object] | frozenset[object]) -> str:
        return f"{type(value).__name__}([{self._items(sorted(value, key=repr))}])"

    def _items(self, values: Iterable[object]) -> str:
        return ", ".join(map(self.write, values))

    def _mapping(self, value: Mapping[object, object]) -> str:
        return "{" + ", ".join(f"{self.write(key)}: {self.write(item)}" for key, item in value.items()) + "}"

    def _enum(self, value: Enum) -> str:
        class_ = type(value)
        name = class_.__qualname__
        module: Any = sys.modules.get(class_.__module__)
        try:
            importable = reduce(getattr, name.split("."), module) is class_
        except AttributeError:
            importable = False
        if not importable or class_.__module__ == "__main__":
            raise UnwritableValueError(f"a member of {name}, which no other process can import")
        if _lies_below(Path.cwd(), getattr(module, "__file__", None), class_.__module__):
            self._needs_project = True
        found = f"{self.module('importlib')}.import_module({class_.__module__!r}).{name}"
        member: str | None = value.name  # a combination of flags has none in older versions of Python
        return (
            f"{found}[{member!r}]" if member in class_.__members__ else f"{found}({self.write(value.value)})"
        )


def _lies_below(folder: Path, file: str | None, module: str) -> bool:
    """Return True if the module is found from this folder: ``tasks.colours`` in ``tasks/colours.py``."""
    if file is None:
        return False
    path = Path(file).resolve()
    levels = module.count(".") + (path.name == "__init__.py")
    return path.parents[levels] == folder.resolve()
