"""The goal of a metric: the better direction, and the tolerance within which a worse value passes.

``[nightbook] metrics`` of luigi.cfg holds the goals as JSON. Tables show these metrics first and in this
order, comparisons mark the best value, and the gate fails a run that is worse than the main branch.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote


class Better(StrEnum):
    """The better one of two values of a metric."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True)
class Goal:
    """The goal of one metric; ``tolerance`` is in its unit, or None if the gate only shows the metric.

    ``train:accuracy`` is the metric ``accuracy`` of the task ``train``, and ``accuracy`` that of any task.
    """

    metric: str
    better: Better
    tolerance: float | None = None

    def metric_of(self, task_id: str) -> str | None:
        """Return the metric's name in a task that the goal names; None if it does not name the task."""
        for task in (unquote(task_id.partition("/")[0]), task_id):
            if self.metric.startswith(f"{task}:"):
                return self.metric.removeprefix(f"{task}:")
        return None


def parse_goals(metrics: object) -> tuple[Goal, ...]:
    """Return the goals in ``{"accuracy": {"better": "higher", "tolerance": 0.01}}``.

    Raise ValueError if they have another form.
    """
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
