"""The activity feed: each run is compared with the last run like it."""

import math
from dataclasses import replace
from typing import Any

from nightbook.record.format.model import Json
from nightbook.record.gate import RunMetrics
from nightbook.record.goals import Better, Goal
from nightbook.tracker.data.activity import ParamChange, describe, value_of
from nightbook.tracker.data.run_cache import CachedRun
from nightbook.tracker.data.run_entry import RunEntry
from nightbook.tracker.data.variants import Variant
from nightbook.tracker.pages.site_pages import SitePages

NO_PAGES: Any = None
ACCURACY = Goal("accuracy", Better.HIGHER)


def entry(
    day: int = 1,
    *,
    branch: str = "main",
    params: dict[str, Json] | None = None,
    metrics: dict[str, float] | None = None,
    variants: tuple[Variant, ...] = (),
) -> RunEntry:
    return RunEntry(
        run_id=f"202611{day:02d}T031700Z-7f3a2c",
        url="",
        data="",
        outcome="success",
        start=f"2026-11-{day:02d}T03:17:00Z",
        duration_s=1,
        pipeline="digits",
        trigger="schedule",
        branch=branch,
        params=params or {},
        metrics=metrics or {},
        variants=variants,
    )


def cached(day: int, environment: str, accuracy: float, branch: str = "main") -> CachedRun:
    parameters: dict[str, Json] = {"environment": environment}
    result = RunMetrics(
        f"202611{day:02d}T031700Z-7f3a2c", "digits", parameters, branch, {"work": {"accuracy": accuracy}}
    )
    own = entry(day, branch=branch, params=parameters, metrics={"accuracy": accuracy})
    return CachedRun("", own, (), (), "", result)


RUNS = [
    cached(1, "ci", 0.90),
    cached(2, "dev", 0.50),
    cached(3, "ci", 0.92),
    cached(4, "dev", 0.60, branch="new"),
    cached(5, "dev", 0.65, branch="new"),
    cached(6, "large", 0.99),
]
SITE = SitePages(NO_PAGES, RUNS, [ACCURACY], "main", [])


def test_a_run_is_compared_with_the_last_like_it_on_its_branch_else_on_main() -> None:
    before = [activity.before.run_id[6:8] if activity.before else None for activity in SITE._activities()]
    differences = [activity.metrics[0].difference for activity in SITE._activities()]

    assert before == [None, None, "01", "02", "04", None]
    assert differences == ["", "", "+0.0200", "+0.1000", "+0.0500", ""]


def test_the_front_page_draws_the_runs_like_the_latest() -> None:
    chart = SitePages(NO_PAGES, RUNS[:3], SITE.goals, "main", [])._spark()

    assert chart is not None
    assert len(chart.lines[0].markers) == 2


def test_a_run_is_represented_by_its_own_value_else_by_the_best_of_its_variants() -> None:
    """As in the table of runs: what a notebook chose by one metric need not be the best by another."""
    variants = tuple(Variant({"size": size}, {"accuracy": size / 1000}) for size in (600, 800))

    def value(own: RunEntry) -> float | None:
        return value_of(CachedRun("", own, (), (), ""), ACCURACY)

    assert value(entry(metrics={"accuracy": 0.7}, variants=variants)) == 0.7
    assert value(entry(metrics={"accuracy": math.nan}, variants=variants)) is None
    assert value(entry(variants=variants)) == 0.8
    assert value(entry()) is None


def test_a_goal_may_name_the_task_whether_or_not_others_log_the_metric() -> None:
    run = cached(1, "ci", 0.7)
    two_sizes = {"work/size=6": {"accuracy": 0.6}, "work/size=8": {"accuracy": 0.8}}
    assert run.result is not None

    def value(run: CachedRun, metric: str) -> float | None:
        return value_of(run, Goal(metric, Better.HIGHER))

    assert value(run, "work:accuracy") == 0.7
    assert value(run, "other:accuracy") is None
    assert value(replace(run, result=replace(run.result, metrics=two_sizes)), "work:accuracy") == 0.8


def test_the_parameters_that_differ_are_named_with_both_values() -> None:
    before = cached(1, "ci", 0.9)
    after = replace(before, entry=entry(2, params={"environment": "dev", "size": 600}))

    assert describe(after, before, []).changed_params == (
        ParamChange("environment", "ci", "dev"),
        ParamChange("size", "none", 600),
    )
