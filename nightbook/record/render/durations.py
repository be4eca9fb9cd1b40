"""Durations as text for people."""

from nightbook.record.format.units import NS_PER_MS, NS_PER_S

_NS_PER_MIN = 60 * NS_PER_S
_NS_PER_H = 60 * _NS_PER_MIN


def format_duration(ns: int) -> str:
    """Return nanoseconds as ``340 ms``, ``1.2 s``, ``3 min 05 s`` or ``1 h 02 min``.

    A negative duration, after a clock was set back during a run, is shown as ``0 ms``.
    """
    units = (NS_PER_MS, NS_PER_S // 10, NS_PER_S, _NS_PER_MIN)
    ms, tenths, seconds, minutes = (_rounded(ns, unit) for unit in units)
    if ms * NS_PER_MS < NS_PER_S:
        return f"{ms} ms"
    if tenths * NS_PER_S // 10 < _NS_PER_MIN:
        return f"{tenths // 10}.{tenths % 10} s"
    if seconds * NS_PER_S < _NS_PER_H:
        return f"{seconds // 60} min {seconds % 60:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def _rounded(ns: int, unit: int) -> int:
    """Return the number of whole units; a float would be wrong for a year of nanoseconds."""
    return max(ns + unit // 2, 0) // unit
