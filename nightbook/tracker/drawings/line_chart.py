"""Lines over an axis of equal steps: a metric over runs, a loss over steps. Positions are percentages.

The drawing can then be as wide as its page, and its text keeps its size.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from nightbook.tracker.drawings.axis import Tick, value_ticks

_PADDING = 0.06  # of the range, above and below
_LARGEST = 1e300  # beyond it, a range is no float any more
_SMALLEST_MARGIN = 1e-290  # below it, a part of a range is no float any more
_ULPS = 8  # a range of fewer floats has no room for marks


@dataclass(frozen=True, slots=True)
class Marker:
    """A value; ``index`` is its position in the data. ``y`` is None for one that is no finite number."""

    index: int
    x: float
    y: float | None
    value: float


@dataclass(frozen=True, slots=True)
class Line:
    """A series; ``segments`` are its parts without gaps, as the points of SVG polylines."""

    name: str
    markers: tuple[Marker, ...]
    segments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """The lines and the marks of their common axis."""

    lines: tuple[Line, ...]
    ticks: tuple[Tick, ...]


def line_chart(
    series: Mapping[str, Sequence[float | None]],
    positions: Sequence[float] = (),
    *,
    most_markers: int | None = None,
) -> LineChart:
    """Return the chart of series of equal length; None stands where a series has no value.

    ``positions`` are those of the values on the other axis; without them they are equally far apart.
    Of the positions, the last ``most_markers`` have markers, or all of them; lines go through all.
    """
    length = max(map(len, series.values()), default=0)
    xs = _scaled(positions or range(length))
    finite = [value for values in series.values() for value in values if _is_drawable(value)]
    low, high = _bounds([value for value in finite if value is not None])
    marked = 0 if most_markers is None else max(length - most_markers, 0)
    return LineChart(
        lines=tuple(_line(name, values, xs, (low, high), marked) for name, values in series.items()),
        ticks=value_ticks(low, high) if finite else (),
    )


def _is_drawable(value: float | None) -> bool:
    return value is not None and -_LARGEST < value < _LARGEST  # NaN is neither


def _scaled(positions: Sequence[float]) -> list[float]:
    if not positions:
        return []
    first, last = positions[0], positions[-1]
    if last == first:
        return [50.0 for _ in positions]
    return [round(100 * (position - first) / (last - first), 2) for position in positions]


def _bounds(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values, default=0.0), max(values, default=1.0)
    margin = (abs(low) * _PADDING or 1.0) if low == high else (high - low) * _PADDING
    # Whole numbers that differ can be one float, and a part of a tiny range none.
    margin = max(margin, _ULPS * math.ulp(max(abs(low), abs(high))), _SMALLEST_MARGIN)
    return low - margin, high + margin


def _line(
    name: str,
    values: Sequence[float | None],
    xs: Sequence[float],
    bounds: tuple[float, float],
    marked: int,
) -> Line:
    """Return a line through all values; those from the position ``marked`` on have markers."""
    low, high = bounds
    points = [
        (index, x, round(100 * (high - value) / (high - low), 2) if _is_drawable(value) else None, value)
        for index, (x, value) in enumerate(zip(xs, values, strict=False))
        if value is not None
    ]
    drawn = groupby(points, key=lambda point: point[2] is not None)
    segments = [" ".join(f"{x},{y}" for _, x, y, _ in part) for whole, part in drawn if whole]
    markers = tuple(Marker(*point) for point in points if point[0] >= marked)
    return Line(name, markers, tuple(segments))
