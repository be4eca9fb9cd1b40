"""The values that a record can hold: checked when they are written and when they are read."""

import json
import math
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from nightbook.record.format.plain import MAX_JSON_DEPTH, as_scalar, describe, to_plain
from nightbook.record.format.visible_text import encodable

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"

MAX_JSON_LENGTH = 64 * 1024


def check_number(value: object, name: str) -> int | float:
    """Return a Python number for a metric, also for a scalar of NumPy or PyTorch, a Decimal or a Fraction.

    Raise TypeError for all else.
    """
    number = float(value) if isinstance(value, Decimal | Fraction) else as_scalar(value)
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(
            f"metric {name!r} must be a number, not {_described(value)}; use log_value for anything else"
        )
    return number


def check_step(step: object) -> int:
    """Return a Python integer for a metric's step, also for a NumPy integer.

    Raise TypeError for all else, ValueError if it has more than 64 bits.
    """
    number = as_scalar(step)
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"the step of a metric must be an int, not {_described(step)}: round it")
    if not -(2**63) <= number < 2**63:
        raise ValueError(f"the step of a metric must fit into 64 bits, and {number!r:.80} does not")
    return number


def check_value(value: object, name: str) -> Json:
    """Return the value made of Python's own JSON types, as ``to_plain`` does.

    Raise TypeError if it is not JSON, ValueError if its text is longer than 64 KiB.
    """
    plain: Json = to_plain(value, name)
    _check_length(plain, name)
    return plain


def check_param(value: object, name: str) -> Json:
    """Return the value as ``check_value`` does, in which any other object is its text, as MLflow has it."""
    plain: Json = to_plain(value, name, describe)
    _check_length(plain, name)
    return plain


def check_object(value: Mapping[str, object], name: str) -> dict[str, Json]:
    """Return the object made of Python's own JSON types; the errors are those of ``check_value``."""
    plain: dict[str, Json] = to_plain(value, name)
    _check_length(plain, name)
    return plain


def _described(value: object) -> str:
    """Return a value's type and the beginning of its text on one line, which that of an array is not."""
    return f"{type(value).__name__} ({' '.join(repr(value).split()):.80})"


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


def to_strict_json(value: Json, indent: int | None = None) -> str:
    """Return the value as JSON text for other programs: NaN and infinities, which JSON lacks, are null.

    So do pandas and JavaScript (RFC 8259, section 6).
    """
    return json.dumps(_finite(value), ensure_ascii=False, allow_nan=False, indent=indent)


def from_json(text: str) -> Json:
    """Return the value of a text that ``to_json`` made; raise ValueError if the text is not JSON.

    It is nested no deeper than a value may be that is logged, and its texts can be encoded.
    """
    try:
        return check_json(json.loads(text), f"{text!r:.40}")
    except RecursionError as error:
        raise ValueError(f"{text!r:.40} is nested too deeply") from error


def check_json(value: Json, name: str, depth: int = MAX_JSON_DEPTH) -> Json:
    """Return a JSON value whose texts can be encoded; raise ValueError if it is nested too deeply."""
    if isinstance(value, str):
        return encodable(value)
    if not isinstance(value, list | dict):
        return value
    if depth == 0:
        raise ValueError(f"{name} is nested more than {MAX_JSON_DEPTH} levels deep")
    if isinstance(value, list):
        return [check_json(item, name, depth - 1) for item in value]
    return {encodable(key): check_json(item, name, depth - 1) for key, item in value.items()}


def is_finite(value: object) -> bool:
    """Return True if a value is a number that can be plotted."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that is larger than any float
        return False


def _finite(value: Json) -> Json:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, list):
        return [_finite(item) for item in value]
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    return value
