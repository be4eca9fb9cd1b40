"""The marks on the axes of drawings, at round numbers and times. Positions are percentages of the axis."""

import math
from dataclasses import dataclass

from nightbook.record.format.units import NS_PER_S
from nightbook.record.render.durations import format_duration

_MOST_VALUE_TICKS = 5
_MOST_TIME_TICKS = 7
_NICE = (1, 2, 2.5, 5, 10)
_MAX_DECIMALS = 12
_FEWEST_DIGITS = 3  # of a label in scientific notation
_SMALL, _LARGE = 1e-6, 1e6  # beyond these, scientific notation
_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
_STEPS_S = (
    *(0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 15, 30),
    *(count * _MINUTE_S for count in (1, 2, 5, 10, 30)),
    *(count * _HOUR_S for count in (1, 2, 6)),
    *(count * _DAY_S for count in (1, 7)),
)
_NEAR_END = 94  # percent; a label in the middle of a mark behind it would be cut off


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis: its distance from the axis' left or upper end, and its label."""

    position: float
    label: str

    @property
    def alignment(self) -> str:
        """How the label of a mark on a level axis stands to it: ``first``, ``last``, or empty for centred."""
        if self.position > _NEAR_END:
            return "last"
        return "first" if self.position == 0 else ""


def value_ticks(low: float, high: float) -> tuple[Tick, ...]:
    """Return the marks on an axis of values that goes upwards from ``low`` to ``high``."""
    rough = (high - low) / _MOST_VALUE_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(nice * power for nice in _NICE if nice * power >= rough * 0.999)
    first = math.ceil(low / step)
    count = math.floor(high / step) - first + 1
    values = [(first + index) * step for index in range(count)]
    return tuple(
        Tick(round(100 * (high - value) / (high - low), 2), _value_label(value, step)) for value in values
    )


def time_ticks(length_ns: int) -> tuple[Tick, ...]:
    """Return the marks on a time axis of that length, which begins at 0."""
    length_s = length_ns / NS_PER_S
    step_s = next(
        (step for step in _STEPS_S if length_s / step <= _MOST_TIME_TICKS), length_s / _MOST_TIME_TICKS
    )
    count = int(length_s / step_s)
    return tuple(
        Tick(percent(int(index * step_s * NS_PER_S), length_ns), _time_label(index * step_s))
        for index in range(count + 1)
    )


def percent(part: int, whole: int) -> float:
    """Return a part of a whole as a percentage, to a thousandth."""
    return round(100 * part / whole, 3)


def _value_label(value: float, step: float) -> str:
    if max(abs(value), step) >= _LARGE or step < _SMALL:
        return f"{value:.{_digits(value, step)}g}"
    decimals = min(max(-math.floor(math.log10(step)) + (not _is_round(step)), 0), _MAX_DECIMALS)
    return f"{value:,.{decimals}f}"


def _digits(value: float, step: float) -> int:
    """Return the significant digits by which the labels of two marks differ."""
    orders = math.floor(math.log10(abs(value) or step)) - math.floor(math.log10(step))
    return max(orders + 1 + (not _is_round(step)), _FEWEST_DIGITS)


def _is_round(step: float) -> bool:
    """Return whether the step has one significant digit: 2.5 needs a decimal more than 2."""
    scaled = step / 10.0 ** math.floor(math.log10(step))
    return math.isclose(scaled, round(scaled))


def _time_label(seconds: float) -> str:
    return "0" if seconds == 0 else format_duration(round(seconds * NS_PER_S)).replace(".0 s", " s")
