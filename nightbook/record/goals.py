"""What is wanted of a metric: which way is better, and how much worse is still good enough.

``[nightbook] metrics`` of luigi.cfg says it, as JSON; tables show these metrics first and in this
order, comparisons mark the best, and the gate refuses what is worse than on the main branch.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Better(StrEnum):
    """Which of two values of a metric is the better one."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Goal:
    """What is wanted of one metric; ``tolerance`` is in its unit, None if it is only watched."""

    metric: str
    better: Better
    tolerance: float | None = None


def parse_goals(metrics: object) -> tuple[Goal, ...]:
    """The goals in ``{"accuracy": {"better": "higher", "tolerance": 0.01}}``; ValueError if unclear."""
    if not isinstance(metrics, Mapping):
        raise ValueError(f"metrics is a JSON object of metrics, not {metrics!r:.80}")
    return tuple(_goal(name, wanted) for name, wanted in metrics.items())


def _goal(metric: str, wanted: object) -> Goal:
    match wanted:
        case {"better": "higher" | "lower" as better, **rest} if rest.keys() <= {"tolerance"}:
            return Goal(metric, Better(better), _tolerance(metric, rest.get("tolerance")))
    raise ValueError(
        f'metric {metric!r:.80}: {{"better": "higher"}} or {{"better": "lower"}}, and perhaps a "tolerance", '
        f"is expected, not {wanted!r:.80}"
    )


def _tolerance(metric: str, tolerance: object) -> float | None:
    match tolerance:
        case None:
            return None
        case int() | float() if (
            not isinstance(tolerance, bool) and tolerance >= 0 and math.isfinite(tolerance)
        ):
            return float(tolerance)
    raise ValueError(f"metric {metric!r:.80}: tolerance is a number, 0 or greater, not {tolerance!r:.80}")
