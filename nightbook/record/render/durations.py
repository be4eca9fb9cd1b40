"""Durations as a person reads them."""

_MS = 1_000_000
_SECOND = 1000 * _MS
_MINUTE = 60 * _SECOND
_HOUR = 60 * _MINUTE


def format_duration(ns: int) -> str:
    """Nanoseconds as ``340 ms``, ``1.2 s``, ``3 min 05 s`` or ``1 h 02 min``.

    Clocks can be set back during a run: less than nothing is shown as nothing.
    """
    ms, tenths, seconds, minutes = (_rounded(ns, unit) for unit in (_MS, _SECOND // 10, _SECOND, _MINUTE))
    if ms * _MS < _SECOND:
        return f"{ms} ms"
    if tenths * _SECOND // 10 < _MINUTE:
        return f"{tenths // 10}.{tenths % 10} s"
    if seconds * _SECOND < _HOUR:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _rounded(ns: int, unit: int) -> int:
    """How many whole units, without the errors that floats have at a year of nanoseconds."""
    return max(ns + unit // 2, 0) // unit
