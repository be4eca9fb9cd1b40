"""The metric gate: whether a run is worse than the main branch has lately been.

One earlier run is no measure: what a notebook logs differs from night to night. A value is compared
with the median of the last runs on the main branch, and is a regression if it is worse by more than
its noise band: the goal's tolerance or, if that is more, four robust standard deviations of those
runs (1.4826 times their median absolute deviation; Leys et al., "Detecting outliers: Do not use
standard deviation around the mean, use absolute deviation around the median", 2013,
https://doi.org/10.1016/j.jesp.2013.03.013). One bad night moves neither the median nor the band.

Four, not the three usual for one look at one series, because a run has a dozen metrics and a spread
known from few runs is itself uncertain. On Gaussian noise alone, a value is called a regression in
0.3 % of runs with 20 earlier runs, 1.1 % with 10 and 4.8 % with 5, if the tolerance is 0.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from statistics import median

from tasks.runlog.goals import Better, Goal
from tasks.runlog.model import Json, Outcome, Run
from tasks.runlog.values import is_finite

MIN_RUNS, MAX_RUNS = 5, 20  # a weekend's worth of nights to begin with, and what is still "lately"
_NOISE_FACTOR = 4
_MAD_TO_SIGMA = 1.4826  # of a Gaussian distribution
_RUN_ID = "run_id"


class Verdict(StrEnum):
    """What the gate says of a metric; of a run, it is regressed, not enough history, or pass."""

    REGRESSED = "regressed"  # worse than the median by more than the noise band
    MISSING = "missing"  # main's newest run has this metric, and this one has not
    NOT_ENOUGH_HISTORY = "not enough history"
    PASS = "pass"  # noqa: S105 no password
    WATCHED = "watched"  # the goal has no tolerance: it is shown, and never refused


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one task against the main branch.

    ``band`` is how much worse than ``median`` is still noise; ``difference`` is what the run has more
    than the median. None stands for what there is none of; all are in the metric's unit.
    """

    task_id: str
    goal: Goal
    verdict: Verdict
    value: float | None
    median: float | None = None
    difference: float | None = None
    band: float | None = None
    nr_runs: int = 0


def comparable_runs(run: Run, newest_first: Iterable[Run], branch: str) -> list[Run]:
    """The last runs that ``run`` can be compared with, newest first; no more is read than is needed.

    They succeeded on ``branch``, the main one, before this run began, with the same pipeline and
    parameters, and neither from a pull request nor from files that somebody was still changing.
    """
    return list(islice((other for other in newest_first if _is_comparable(run, other, branch)), MAX_RUNS))


def judge(run: Run, history: Sequence[Run], goals: Sequence[Goal]) -> list[Comparison]:
    """The run's metrics against ``history``, which ``comparable_runs`` found: by task, then by goal.

    A metric that main's newest run has and this one has not is there too.
    """
    value, *main = (_metrics(each) for each in (run, *history))
    tasks = dict.fromkeys(task.task_id for each in (run, *history[:1]) for task in each.tasks)
    return [
        comparison
        for task_id in tasks
        for goal in goals
        for comparison in _compared(
            task_id,
            goal,
            value.get((task_id, goal.metric)),
            [metrics.get((task_id, goal.metric)) for metrics in main],
        )
    ]


def overall(comparisons: Sequence[Comparison]) -> Verdict:
    """The run's verdict: regressed if any metric is, passed if at least one could be judged."""
    verdicts = {comparison.verdict for comparison in comparisons}
    for verdict in (Verdict.REGRESSED, Verdict.PASS):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_ENOUGH_HISTORY


def _is_comparable(run: Run, other: Run, branch: str) -> bool:
    origin = other.provenance
    return (
        other.start_ns < run.start_ns
        and other.outcome is Outcome.SUCCESS
        and origin.branch == branch
        and not origin.pull_request
        and origin.trigger != "pull_request"
        and not (origin.dirty and not origin.ci_run_url)
        and other.pipeline == run.pipeline
        and _parameters(other) == _parameters(run)
    )


def _parameters(run: Run) -> Mapping[str, Json]:
    return {name: value for name, value in run.parameters.items() if name != _RUN_ID}


def _metrics(run: Run) -> dict[tuple[str, str], float]:
    return {(task.task_id, name): value for task in run.tasks for name, value in task.metrics.items()}


def _compared(
    task_id: str, goal: Goal, value: float | None, main: Sequence[float | None]
) -> Iterator[Comparison]:
    """The comparison of a metric with main's values, newest first; none where nobody logged it."""
    numbers = [float(number) for number in main if number is not None and is_finite(number)]
    middle = median(numbers) if numbers else None
    if value is None:
        if main and main[0] is not None:
            yield Comparison(task_id, goal, Verdict.MISSING, None, middle, nr_runs=len(numbers))
        return
    difference = value - middle if middle is not None and is_finite(value) else None
    band = _noise_band(numbers, goal.tolerance or 0) if len(numbers) >= MIN_RUNS else None
    verdict = _verdict(goal, difference, band)
    yield Comparison(task_id, goal, verdict, value, middle, difference, band, len(numbers))


def _noise_band(numbers: Sequence[float], tolerance: float) -> float:
    middle = median(numbers)
    deviation = median(abs(number - middle) for number in numbers)
    return max(tolerance, _NOISE_FACTOR * _MAD_TO_SIGMA * deviation)


def _verdict(goal: Goal, difference: float | None, band: float | None) -> Verdict:
    """A value that is no finite number, such as a loss that became NaN, is a regression."""
    if goal.tolerance is None:
        return Verdict.WATCHED
    if band is None:
        return Verdict.NOT_ENOUGH_HISTORY
    if difference is None:
        return Verdict.REGRESSED
    worse = -difference if goal.better is Better.HIGHER else difference
    return Verdict.REGRESSED if worse > band else Verdict.PASS
