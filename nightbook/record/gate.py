"""The metric gate: compares a run with the recent runs of the main branch.

The metrics of a notebook differ from night to night, so one earlier run is not enough. A value is compared
with the median of the last n runs on the main branch, and is a regression if it is worse by more than
its noise band: the goal's tolerance or, if that is more, 4 n / (n - 4) robust standard deviations of
those runs (1.4826 times their median absolute deviation; Leys et al., "Detecting outliers: Do not use
standard deviation around the mean, use absolute deviation around the median", 2013,
https://doi.org/10.1016/j.jesp.2013.03.013). One bad night moves neither the median nor the band.

The factor n / (n - 4) is for a spread that is known from few runs, as the quantiles of Student's t are
for the mean: with it, noise alone makes a metric regress about equally rarely whether there are 5
earlier runs or 20. It was found by simulation; docs/decisions/0023 has the numbers. Four, not the usual
three, because a run has a dozen metrics, and each is a chance to be wrong.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from statistics import median

from nightbook.record.format.model import Json, Outcome, Run
from nightbook.record.format.values import is_finite
from nightbook.record.goals import Better, Goal

MIN_RUNS, MAX_RUNS = 5, 20  # a working week of nights, and a working month
_NOISE_FACTOR = 4
_FEW_RUNS = 4  # MIN_RUNS is more
_MAD_TO_SIGMA = 1.4826  # of a Gaussian distribution
_RUN_ID = "run_id"


class Verdict(StrEnum):
    """The gate's verdict on a metric; on a run, it is regressed, not enough history, or pass."""

    REGRESSED = "regressed"  # worse than the median by more than the noise band
    MISSING = "missing"  # the newest run of main has this metric, and this one does not
    NOT_ENOUGH_HISTORY = "not enough history"
    PASS = "pass"  # noqa: S105 no password
    WATCHED = "watched"  # the goal has no tolerance: the metric is shown, and never fails the gate


@dataclass(frozen=True, slots=True)
class Comparison:
    """One metric of one task against the main branch.

    ``latest`` is main's newest value, ``difference`` is the value minus main's ``median``, and a value that
    is worse by no more than ``band`` is noise. A missing number is None. All are in the metric's unit.
    """

    task_id: str
    goal: Goal
    verdict: Verdict
    value: float | None
    latest: float | None = None
    median: float | None = None
    difference: float | None = None
    band: float | None = None
    nr_runs: int = 0


@dataclass(frozen=True, slots=True)
class RunMetrics:
    """The metrics of a run by task id, and what decides which runs they are compared with.

    ``history_of`` is the branch to whose history the run belongs. It is empty if the run did not succeed,
    ran for a pull request, or on uncommitted changes outside continuous integration.
    """

    run_id: str  # begins with the time; see identity.new_run_id
    pipeline: str
    parameters: Mapping[str, Json]
    history_of: str
    metrics: Mapping[str, Mapping[str, float]]


def metrics_of(run: Run) -> RunMetrics:
    """Return the metrics of a run as the gate compares them."""
    origin = run.provenance
    is_history = (
        run.outcome is Outcome.SUCCESS
        and not origin.pull_request
        and origin.trigger != "pull_request"
        and not (origin.dirty and not origin.ci_run_url)
    )
    return RunMetrics(
        run_id=run.run_id,
        pipeline=run.pipeline,
        parameters={name: value for name, value in run.parameters.items() if name != _RUN_ID},
        history_of=origin.branch if is_history else "",
        metrics={task.task_id: task.metrics for task in run.tasks},
    )


def comparable(metrics: RunMetrics, newest_first: Iterable[RunMetrics], branch: str) -> list[RunMetrics]:
    """Return the last runs that this one can be compared with, newest first, at most MAX_RUNS.

    They belong to the history of ``branch``, began earlier, and have the same pipeline and parameters. No
    more of ``newest_first`` is read than is needed.
    """
    found = (
        other
        for other in newest_first
        if other.run_id < metrics.run_id
        and other.history_of == branch
        and (other.pipeline, other.parameters) == (metrics.pipeline, metrics.parameters)
    )
    return list(islice(found, MAX_RUNS))


def judge(run: RunMetrics, history: Sequence[RunMetrics], goals: Sequence[Goal]) -> list[Comparison]:
    """Return the comparisons of a run with ``history``, which ``comparable`` found: by task, then by goal.

    A metric that only main's newest run has is compared too; it is missing.
    """
    compared = (run, *history[:1])
    tasks = dict.fromkeys(task_id for each in compared for task_id in each.metrics)
    return [
        _compared(
            task_id,
            goal,
            run.metrics.get(task_id, {}).get(metric),
            [other.metrics.get(task_id, {}).get(metric) for other in history],
        )
        for task_id in tasks
        for metric, goal in _goals_of(task_id, goals, compared)
    ]


def overall(comparisons: Sequence[Comparison]) -> Verdict:
    """Return the run's verdict: regressed if any metric is, pass if at least one could be judged."""
    verdicts = {comparison.verdict for comparison in comparisons}
    for verdict in (Verdict.REGRESSED, Verdict.PASS):
        if verdict in verdicts:
            return verdict
    return Verdict.NOT_ENOUGH_HISTORY


def _goals_of(task_id: str, goals: Sequence[Goal], compared: Sequence[RunMetrics]) -> list[tuple[str, Goal]]:
    """Return the task's metrics that have a goal; one that names the task goes before one that does not."""
    logged = {metric for each in compared for metric in each.metrics.get(task_id, {})}
    found = {goal.metric: goal for goal in goals if goal.metric in logged}
    found |= {metric: goal for goal in goals if (metric := goal.metric_of(task_id)) in logged}
    return sorted(found.items(), key=lambda item: goals.index(item[1]))


def _compared(task_id: str, goal: Goal, value: float | None, main: Sequence[float | None]) -> Comparison:
    """Return the comparison of a metric with main's values, newest first."""
    numbers = [float(number) for number in main if number is not None and is_finite(number)]
    latest = next((number for number in main if number is not None), None)
    middle = median(numbers) if numbers else None
    if value is None:
        return Comparison(task_id, goal, Verdict.MISSING, None, latest, middle, nr_runs=len(numbers))
    difference = value - middle if middle is not None and is_finite(value) else None
    band = _noise_band(numbers, goal.tolerance or 0) if len(numbers) >= MIN_RUNS else None
    verdict = _verdict(goal, difference, band)
    return Comparison(task_id, goal, verdict, value, latest, middle, difference, band, len(numbers))


def _noise_band(numbers: Sequence[float], tolerance: float) -> float:
    middle = median(numbers)
    deviation = median(abs(number - middle) for number in numbers)
    factor = _NOISE_FACTOR * len(numbers) / (len(numbers) - _FEW_RUNS)
    return max(tolerance, factor * _MAD_TO_SIGMA * deviation)


def _verdict(goal: Goal, difference: float | None, band: float | None) -> Verdict:
    """Return the verdict; a value that is not finite, such as a loss that became NaN, is a regression."""
    if goal.tolerance is None:
        return Verdict.WATCHED
    if band is None:
        return Verdict.NOT_ENOUGH_HISTORY
    if difference is None:
        return Verdict.REGRESSED
    worse = -difference if goal.better is Better.HIGHER else difference
    return Verdict.REGRESSED if worse > band else Verdict.PASS
