"""The values that a record can hold: checked when they are written and when they are read."""

import json
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_JSON_LENGTH = 64 * 1024
MAX_JSON_DEPTH = 100


def check_number(value: object, name: str) -> int | float:
    """Return a Python number for a metric, also for a NumPy scalar; raise TypeError for all else."""
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(
            f"metric {name!r} must be a number, not {type(value).__name__} ({value!r:.80}); "
            "use log_value for anything else"
        )
    return value


def check_step(step: object) -> int:
    """Return a Python integer for a metric's step, also for a NumPy integer.

    Raise TypeError for all else, ValueError if it has more than 64 bits.
    """
    step = _plain(step)
    if isinstance(step, bool) or not isinstance(step, int):
        raise TypeError(f"the step of a metric must be an int, not {type(step).__name__} ({step!r:.80})")
    if not -(2**63) <= step < 2**63:
        raise ValueError(f"the step of a metric must fit into 64 bits, and {step!r:.80} does not")
    return step


def check_value(value: object, name: str) -> Json:
    """Return the value made of Python's own JSON types, as ``to_plain`` does.

    Raise TypeError if it is not JSON, ValueError if its text is longer than 64 KiB.
    """
    plain: Json = to_plain(value, name)
    _check_length(plain, name)
    return plain


def check_object(value: Mapping[str, object], name: str) -> dict[str, Json]:
    """Return the object made of Python's own JSON types; the errors are those of ``check_value``."""
    plain: dict[str, Json] = to_plain(value, name)
    _check_length(plain, name)
    return plain


def _check_length(plain: Json, name: str) -> None:
    length = len(to_json(plain))
    if length > MAX_JSON_LENGTH:
        raise ValueError(
            f"value {name!r} has {length} characters of JSON, at most {MAX_JSON_LENGTH} are allowed; "
            "use log_dict or log_table for large things"
        )


def to_json(value: Json) -> str:
    """Return the value as JSON text in which NaN, Infinity and -Infinity may stand.

    RFC 8259 has no text for these three; a loss that became NaN is worth knowing, so they are kept in the
    spelling that Python, JSON5 and most readers know.
    """
    return json.dumps(value, ensure_ascii=False)


def from_json(text: str) -> Json:
    """Return the value of a text that ``to_json`` made; raise ValueError if the text is not JSON."""
    try:
        value: Json = json.loads(text)
        json.dumps(value, ensure_ascii=False).encode()  # half a surrogate pair cannot be written into a page
    except RecursionError as error:
        raise ValueError(f"{text!r:.40} is nested too deeply") from error
    return value


def is_finite(value: object) -> bool:
    """Return True if a value is a number that can be plotted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that is larger than any float
        return False


def to_plain(value: object, name: str, depth: int = MAX_JSON_DEPTH) -> Any:
    """Return the value made of Python's own JSON types; NumPy's scalars are converted.

    Raise TypeError if it cannot be JSON, ValueError if it is nested more deeply than ``depth``, as a list is
    that holds itself.
    """
    value = _plain(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if depth == 0:
        raise ValueError(f"value {name!r} is nested more than {MAX_JSON_DEPTH} levels deep, or holds itself")
    if isinstance(value, list | tuple):
        return [to_plain(item, name, depth - 1) for item in value]
    if isinstance(value, Mapping):
        bad = [key for key in value if not isinstance(key, str)]
        if bad:
            raise TypeError(f"value {name!r} has the key {bad[0]!r}: the keys of a JSON object are strings")
        return {key: to_plain(item, name, depth - 1) for key, item in value.items()}
    raise TypeError(
        f"value {name!r} holds a {type(value).__name__}, which is not JSON: use None, bool, int, float, str, "
        "list or dict (an array has .tolist())"
    )


def _plain(value: object) -> object:
    """Return a NumPy scalar as Python's own number, without importing NumPy; any other value as it is."""
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        converted: object = item()
        return converted
    return value
