"""What notebooks log, made of Python's own JSON types.

NumPy, pandas and PyTorch are not imported, and need not be installed: values are known by their methods.
"""

import json
import re
from collections import deque
from collections.abc import Callable, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from pathlib import PurePath
from types import BuiltinFunctionType, FunctionType, NoneType
from typing import Any
from uuid import UUID

MAX_JSON_DEPTH = 100
_PLAIN = (str, float, int, bool, NoneType)
_MISSING = ("NAType", "NaTType")  # of pandas, which calls them NA and NaT
_TEXTS = (timedelta, Decimal, Fraction, PurePath, UUID)
_TIMES = "mM"  # the kinds of NumPy's timedelta64 and datetime64
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")

Otherwise = Callable[[object, str], object]


def refuse(value: object, name: str) -> object:
    """Raise TypeError: the value has no form in JSON."""
    raise TypeError(
        f"value {name!r} holds a {type(value).__name__}, which is not JSON: use None, bool, int, float, str, "
        "list or dict, or log its text, str(value)"
    )


def describe(value: object, name: str) -> object:  # noqa: ARG001 all that convert a value know its name
    """Return the text of any object, as MLflow does for parameters; it is the same in each run.

    Python's own text of an object holds its address in memory, which is left out.
    """
    if isinstance(value, type | FunctionType | BuiltinFunctionType):
        return f"{value.__module__}.{value.__qualname__}"
    return _ADDRESS.sub("", str(value))


def to_plain(value: object, name: str, otherwise: Otherwise = refuse, depth: int = MAX_JSON_DEPTH) -> Any:
    """Return the value made of None, bool, int, float, str, list and dict.

    Scalars and arrays of NumPy, a Series and a DataFrame, enumerations, dataclasses, sets, times and paths
    have an equivalent; what is missing in pandas is None. ``otherwise`` converts all else. Raise TypeError if
    it cannot, ValueError if the value is nested more deeply than ``depth``, as a list is that holds itself.
    """
    if type(value) in _PLAIN:  # most are, of the millions that a file may have
        return value
    value = as_scalar(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if depth == 0:
        raise ValueError(f"value {name!r} is nested more than {MAX_JSON_DEPTH} levels deep, or holds itself")
    value = _as_container(value, name)
    if isinstance(value, list):
        return [to_plain(item, name, otherwise, depth - 1) for item in value]
    if isinstance(value, Mapping):
        plain = {_key(key, name): to_plain(item, name, otherwise, depth - 1) for key, item in value.items()}
        if len(plain) < len(value):
            raise ValueError(f"value {name!r} has two keys of the same text, as 1 and '1' have")
        return plain
    return otherwise(value, name)


def as_scalar(value: object) -> object:
    """Return what is a single value as Python's own, a time or a path as its text, all else as it is."""
    if isinstance(value, Enum):
        return as_scalar(value.value)
    if type(value).__name__ in _MISSING:
        return None
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, _TEXTS) else _item(value)


def _item(value: Any) -> object:
    """Return what a scalar or an array without dimensions holds, and all else as it is."""
    if not callable(getattr(value, "item", None)) or getattr(value, "shape", None) != ():
        return value
    if _kind(value) in _TIMES:
        return None if str(value) == "NaT" else str(value)
    item = value.item()
    if type(item) is not type(value):
        return as_scalar(item)
    return float(value) if _kind(value) == "f" else value  # NumPy's longdouble is an item of its own


def _as_container(value: Any, name: str) -> object:
    """Return a list for all that is like one, a mapping for all that has names, and all else as it is."""
    if isinstance(value, tuple | range | deque | ValuesView):
        return list(value)
    if isinstance(value, AbstractSet):
        return _sorted(value)
    if isinstance(value, list | Mapping | type):
        return value
    if is_dataclass(value):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if callable(getattr(value, "to_dict", None)):
        if not getattr(getattr(value, "index", None), "is_unique", True):
            raise ValueError(f"value {name!r} has an index with equal entries: use its .reset_index()")
        return value.to_dict()
    return _listed(value)


def _listed(value: Any) -> object:
    """Return an array as a list, and all else as it is."""
    if not callable(getattr(value, "tolist", None)):
        return value
    return (value.astype(str) if _kind(value) in _TIMES else value).tolist()


def _kind(value: Any) -> str:
    return str(getattr(getattr(value, "dtype", None), "kind", "")) or "-"


def _sorted(items: AbstractSet[Any]) -> list[Any]:
    """Return a set's items in an order that is the same in each process, as that of texts is not."""
    try:
        return sorted(items)
    except TypeError:  # of items that cannot be compared, such as 1 and "a"
        return sorted(items, key=repr)


def _key(key: object, name: str) -> str:
    """Return the text of a key, as Python's ``json`` has it."""
    scalar = as_scalar(key)
    if isinstance(scalar, str):
        return scalar
    if scalar is None or isinstance(scalar, bool | int | float):
        return json.dumps(scalar)
    raise TypeError(f"value {name!r} has the key {key!r:.80}: the keys of a JSON object are strings")
