"""What a run is compared with: the last that is like it."""

import math
from typing import Any

from nightbook.record.goals import Better, Goal
from nightbook.tracker.data.activity import value_of
from nightbook.tracker.data.run_cache import CachedRun
from nightbook.tracker.pages.site_pages import SitePages

NO_PAGES: Any = None
ACCURACY = Goal("accuracy", Better.HIGHER)


def cached(day: int, environment: str, accuracy: float, branch: str = "main") -> CachedRun:
    entry: dict[str, Any] = {
        "run_id": f"202611{day:02d}T031700Z-7f3a2c",
        "start": f"2026-11-{day:02d}T03:17:00Z",
        "outcome": "success",
        "trigger": "schedule",
        "pull_request": "",
        "branch": branch,
        "pipeline": "digits",
        "params": {"environment": environment},
        "metrics": {"accuracy": accuracy},
        "variants": [],
    }
    result = {
        "start_ns": day,
        "pipeline": "digits",
        "parameters": {"environment": environment},
        "history_of": branch,
        "metrics": {"work": {"accuracy": accuracy}},
    }
    return CachedRun("", entry, [], [], "", result)


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
    before = [story.before["run_id"][6:8] if story.before else None for story in SITE._stories()]
    differences = [story.metrics[0].difference for story in SITE._stories()]

    assert before == [None, None, "01", "02", "04", None]
    assert differences == ["", "", "+0.0200", "+0.1000", "+0.0500", ""]


def test_the_front_page_draws_the_runs_like_the_latest() -> None:
    chart = SitePages(NO_PAGES, RUNS[:3], SITE.goals, "main", [])._spark()

    assert chart is not None
    assert len(chart.lines[0].markers) == 2


def test_a_run_is_told_by_its_own_value_else_by_the_best_of_its_variants() -> None:
    """As in the table of runs: what a notebook chose by one metric need not be the best by another."""
    variants = [{"params": {"size": size}, "metrics": {"accuracy": size / 1000}} for size in (600, 800)]

    assert value_of({"metrics": {"accuracy": 0.7}, "variants": variants}, ACCURACY) == 0.7
    assert value_of({"metrics": {"accuracy": math.nan}, "variants": variants}, ACCURACY) is None
    assert value_of({"metrics": {}, "variants": variants}, ACCURACY) == 0.8
    assert value_of({"metrics": {}, "variants": []}, ACCURACY) is None
