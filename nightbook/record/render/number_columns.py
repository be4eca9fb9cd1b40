"""Numbers of one kind, written so that a person can compare them."""

import math
from collections.abc import Sequence
from decimal import Decimal

_DIGITS = 4  # significant ones of the smallest number
_MAX_DECIMALS = 6
_SMALL, _LARGE = 1e-4, 1e9  # beyond these, scientific notation
_LARGEST_EXACT = 2**64  # a whole number below it, such as a size in bytes or a seed, is written out


def format_numbers(
    numbers: Sequence[float | None], *, like: Sequence[float | None] | None = None
) -> list[str]:
    """Return the numbers with an equal number of decimals, that of ``like`` if given; None is empty.

    Very small and very large ones are in scientific notation, but whole numbers of up to 64 bits are exact;
    NaN and infinities are written as such.
    """
    rule = numbers if like is None else like
    decimals = _decimals([number for number in rule if number is not None and _is_plain(number)])
    return ["" if number is None else _format(number, decimals) for number in numbers]


def _decimals(plain: Sequence[float]) -> int:
    if all(isinstance(number, int) for number in plain):
        return 0
    smallest = min((abs(number) for number in plain if number), default=1.0)
    return min(max(_DIGITS - 1 - math.floor(math.log10(smallest)), 0), _MAX_DECIMALS)


def _format(number: float, decimals: int) -> str:
    if _is_plain(number):
        return f"{number:.{decimals}f}"
    if isinstance(number, int) and abs(number) < _LARGEST_EXACT:
        return str(number)
    if isinstance(number, int) or math.isfinite(number):
        return f"{Decimal(number):.{_DIGITS - 1}e}"  # a whole number can be too large for a float
    return "NaN" if math.isnan(number) else str(number)


def _is_plain(number: float) -> bool:
    return number == 0 or _SMALL <= abs(number) < _LARGE
