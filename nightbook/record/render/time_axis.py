"""The ticks of a chart's time axis."""

from nightbook.record.format.units import NS_PER_MS

_MOST_TICKS = 8  # their labels would run into each other
_SECOND_MS = 1000
_MINUTE_MS = 60 * _SECOND_MS
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS
_TICKS = (
    (1, "1millisecond", "%M:%S.%L"),
    (5, "5millisecond", "%M:%S.%L"),
    (20, "20millisecond", "%M:%S.%L"),
    (100, "100millisecond", "%M:%S.%L"),
    (500, "500millisecond", "%M:%S.%L"),
    (2 * _SECOND_MS, "2second", "%H:%M:%S"),
    (10 * _SECOND_MS, "10second", "%H:%M:%S"),
    (30 * _SECOND_MS, "30second", "%H:%M:%S"),
    (2 * _MINUTE_MS, "2minute", "%H:%M"),
    (10 * _MINUTE_MS, "10minute", "%H:%M"),
    (30 * _MINUTE_MS, "30minute", "%H:%M"),
    (2 * _HOUR_MS, "2hour", "%H:%M"),
    (6 * _HOUR_MS, "6hour", "%m-%d %H:%M"),
    (_DAY_MS, "1day", "%Y-%m-%d"),
    (7 * _DAY_MS, "1week", "%Y-%m-%d"),
    (30 * _DAY_MS, "1month", "%Y-%m-%d"),
)


def time_axis(length_ns: int) -> tuple[str, str]:
    """Return Mermaid's ``tickInterval`` and ``axisFormat`` for a chart of that length.

    https://mermaid.js.org/syntax/gantt.html#axis-ticks and https://d3js.org/d3-time-format
    """
    shortest_ms = length_ns / NS_PER_MS / _MOST_TICKS
    fitting = [(interval, axis_format) for ms, interval, axis_format in _TICKS if ms >= shortest_ms]
    return fitting[0] if fitting else _TICKS[-1][1:]
