"""A moment as text."""

from datetime import UTC, datetime

from nightbook.record.format.units import NS_PER_MS, NS_PER_S


def iso_time(ns: int) -> str:
    """Return the time, in nanoseconds since the epoch, in ISO 8601 to the millisecond.

    >>> iso_time(1_795_403_820_123_999_999)
    '2026-11-23T03:17:00.123Z'
    """
    moment = _moment(ns)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ns % NS_PER_S // NS_PER_MS:03d}Z"


def _moment(ns: int) -> datetime:
    """Return the moment; for a time after the calendar's end, its last moment."""
    try:
        return datetime.fromtimestamp(ns // NS_PER_S, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)
