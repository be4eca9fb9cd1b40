"""Data as JSON that every reader takes (RFC 8259): NaN and infinities become strings."""

import json
import math
from typing import Any


def to_strict_json(data: object) -> str:
    """The data as JSON text; ``docs/tracker-data.md`` tells of the three strings."""
    return json.dumps(_strict(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _strict(data: Any) -> Any:
    match data:
        case float() if not math.isfinite(data):
            return "NaN" if math.isnan(data) else "Infinity" if data > 0 else "-Infinity"
        case dict():
            return {key: _strict(value) for key, value in data.items()}
        case list() | tuple():
            return [_strict(value) for value in data]
    return data


def from_strict_number(value: object) -> float | None:
    """The number that ``to_strict_json`` wrote as a number or string; None if it is neither."""
    if value in ("NaN", "Infinity", "-Infinity"):
        return float(str(value))
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
