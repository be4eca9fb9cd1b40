"""The metric gate's verdicts on all runs; they follow from the records, and are not stored."""

from collections.abc import Mapping, Sequence

from nightbook.record.gate import Comparison, RunMetrics, Verdict, comparable, judge
from nightbook.record.goals import Goal
from nightbook.record.render.comparison import comparison_numbers
from nightbook.tracker.data.run_cache import CachedRun


def find_regressions(
    runs: Sequence[CachedRun], goals: Sequence[Goal], main_branch: str
) -> Mapping[str, list[Comparison]]:
    """Return by run id the metrics that are worse than on the main branch; ``runs`` are oldest first."""
    judged = [goal for goal in goals if goal.tolerance is not None]  # others are only watched
    found = {}
    earlier: list[RunMetrics] = []
    for run in runs:
        if run.result is None:
            continue
        comparisons = judge(run.result, comparable(run.result, reversed(earlier), main_branch), judged)
        found[run.entry.run_id] = [each for each in comparisons if each.verdict is Verdict.REGRESSED]
        earlier.append(run.result)
    return found


def regression_text(comparison: Comparison) -> str:
    """Return a text such as ``accuracy 0.9000, main's median 0.9700, noise ±0.0100``."""
    value, _, median, _, band, _ = comparison_numbers(comparison)
    return f"{comparison.goal.metric} {value}, main's median {median}, noise {band}"
