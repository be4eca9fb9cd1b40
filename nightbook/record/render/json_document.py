"""Documents for programs as JSON text, for the tracker and the command line: JSON is spelled here alone.

``docs/tracker-data.md`` is their specification. JSON has neither NaN nor infinities (RFC 8259, section 6),
so these three are strings. So are whole numbers that JavaScript, which has floats only, would round.
"""

import json
import math
from dataclasses import fields
from functools import cache
from typing import Any

VERSION = 1
_LARGEST_WHOLE = 2**53 - 1  # as every reader has it


def json_document(*models: object, **more: object) -> str:
    """Return a document: its version, the fields of the dataclasses ``models`` in turn, and ``more``."""
    members: dict[str, Any] = {"version": VERSION}
    for model in models:
        members |= _members(model)
    return json.dumps(_strict(members | more), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _strict(data: Any) -> Any:
    """Return the data as what ``json`` knows, without numbers that JSON does not have."""
    match data:
        case None | str() | bool():
            return data
        case int():
            return data if abs(data) <= _LARGEST_WHOLE else str(data)
        case float():
            return data if math.isfinite(data) else _spelled(data)
        case dict():
            return {key: _strict(value) for key, value in data.items()}
        case list() | tuple():
            return [_strict(value) for value in data]
    return {name: _strict(value) for name, value in _members(data).items()}


def _spelled(number: float) -> str:
    if math.isnan(number):
        return "NaN"
    return "Infinity" if number > 0 else "-Infinity"


def _members(model: object) -> dict[str, Any]:
    """Return the fields of a dataclass, without looking into their values; TypeError for anything else."""
    kind: Any = type(model)
    return {name: getattr(model, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    """Return the names of a dataclass's fields; looked up once, as there are many objects of few classes."""
    return tuple(each.name for each in fields(kind))
