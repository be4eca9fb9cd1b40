"""The gate on runs made by hand: main's history, and one run against it."""

import random
from collections.abc import Mapping
from dataclasses import replace
from itertools import count

import pytest

from nightbook.record.format.model import Outcome
from nightbook.record.gate import (
    MAX_RUNS,
    MIN_RUNS,
    Comparison,
    RunMetrics,
    Verdict,
    comparable,
    judge,
    metrics_of,
    overall,
)
from nightbook.record.goals import Better, Goal
from tests.support.sample_runs import make_gated_run

ACCURACY = Goal("accuracy", Better.HIGHER, 0.01)
LOSS = Goal("loss", Better.LOWER, 0.0)
SPEED = Goal("latency_us", Better.LOWER)
NIGHTS = [0.970, 0.970, 0.970, 0.971, 0.969]


def result(metrics: Mapping[str, Mapping[str, float]]) -> RunMetrics:
    return metrics_of(make_gated_run(metrics))


def compare(value: float, main: list[float], goal: Goal = ACCURACY) -> Comparison:
    history = [result({"train": {goal.metric: number}}) for number in main]
    (comparison,) = judge(result({"train": {goal.metric: value}}), history, [goal])
    return comparison


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        (0.970, Verdict.PASS),
        (0.961, Verdict.PASS),  # worse than every night, but by less than the tolerance
        (0.959, Verdict.REGRESSED),
        (0.999, Verdict.PASS),  # better by more than the band is no reason to refuse
        (float("nan"), Verdict.REGRESSED),
        (float("inf"), Verdict.REGRESSED),
        (10**400, Verdict.REGRESSED),
    ],
)
def test_a_value_is_judged_by_the_tolerance_where_nights_are_alike(value: float, verdict: Verdict) -> None:
    assert compare(value, NIGHTS).verdict is verdict


def test_a_comparison_says_what_it_was_made_of() -> None:
    comparison = compare(0.95, NIGHTS)

    assert comparison.task_id == "train"
    assert comparison.latest == NIGHTS[0]
    assert comparison.median == 0.970
    assert comparison.difference == pytest.approx(-0.02)
    assert comparison.band == 0.01
    assert comparison.nr_runs == 5


def test_noisy_nights_widen_the_band_and_one_bad_night_does_not() -> None:
    noisy = compare(0.93, [0.97, 0.95, 0.99, 0.96, 0.98])
    bad_night = compare(0.93, [0.97, 0.97, 0.97, 0.97, 0.97, 0.0])

    assert (noisy.verdict, noisy.band) == (Verdict.PASS, pytest.approx(20 * 1.4826 * 0.01))
    assert (bad_night.verdict, bad_night.median) == (Verdict.REGRESSED, 0.97)


def test_lower_is_better_where_the_goal_says_so() -> None:
    assert compare(0.31, [0.3] * 5, LOSS).verdict is Verdict.REGRESSED
    assert compare(0.3, [0.3] * 5, LOSS).verdict is Verdict.PASS
    assert compare(0.1, [0.3] * 5, LOSS).verdict is Verdict.PASS


def test_few_nights_are_no_verdict_and_what_is_no_number_is_no_night() -> None:
    few = compare(0.1, NIGHTS[1:])
    none = compare(0.1, [])
    broken = compare(0.1, [*NIGHTS[1:], float("nan")])

    assert len(NIGHTS) == MIN_RUNS
    assert few.verdict is none.verdict is broken.verdict is Verdict.NOT_ENOUGH_HISTORY
    assert few.difference == pytest.approx(-0.87)
    assert few.band is None


def test_a_goal_without_a_tolerance_is_only_watched() -> None:
    comparison = compare(1e9, [300.0] * 5, SPEED)

    assert comparison.verdict is Verdict.WATCHED
    assert comparison.difference == 1e9 - 300


def test_a_metric_that_only_main_has_is_missing() -> None:
    main = [result({"train": {"accuracy": 0.9}, "more": {"accuracy": 0.9}})] * 6
    comparisons = judge(result({"train": {}}), main, [ACCURACY])

    assert [(each.task_id, each.verdict, each.value) for each in comparisons] == [
        ("train", Verdict.MISSING, None),
        ("more", Verdict.MISSING, None),
    ]


def test_a_metric_that_main_no_longer_has_is_not_missed() -> None:
    main = [result({"train": {}}), *[result({"train": {"accuracy": 0.9}})] * 6]

    assert judge(result({"train": {}}), main, [ACCURACY]) == []


def test_one_regression_is_enough_and_watching_is_no_verdict() -> None:
    passed, regressed = compare(0.97, NIGHTS), compare(0.5, NIGHTS)
    watched = compare(1.0, [1.0] * 5, SPEED)

    assert overall([passed, regressed, watched]) is Verdict.REGRESSED
    assert overall([passed, watched, compare(0.9, [])]) is Verdict.PASS
    assert overall([watched]) is overall([]) is Verdict.NOT_ENOUGH_HISTORY


def test_only_comparable_runs_of_main_count() -> None:
    run = replace(make_gated_run({}), run_id="20261123T031702Z-7f3a2c")
    good = replace(run, run_id="20261123T031701Z-7f3a2c")
    origin = good.provenance
    others = [
        run,
        replace(run, run_id="20261123T031703Z-7f3a2c"),
        replace(good, outcome=Outcome.FAILURE),
        replace(good, pipeline="other"),
        replace(good, parameters={"run_id": "x", "environment": "dev"}),
        replace(good, provenance=replace(origin, branch="mallory:main")),
        replace(good, provenance=replace(origin, pull_request="7")),
        replace(good, provenance=replace(origin, dirty=True)),
    ]
    also_good = replace(good, parameters={"run_id": "another", "environment": "ci"})

    found = comparable(metrics_of(run), map(metrics_of, [*others, good, also_good]), "main")

    assert found == [metrics_of(good), metrics_of(also_good)]


def test_no_more_runs_are_read_than_needed() -> None:
    now = replace(result({}), run_id="b")
    results = (replace(now, run_id=f"a{number}") for number in count())

    assert len(comparable(now, results, "main")) == MAX_RUNS
    assert next(results).run_id == f"a{MAX_RUNS}"


@pytest.mark.parametrize(("nights", "share"), [(20, 0.0007), (8, 0.0018), (5, 0.0027)])
def test_noise_alone_is_called_a_regression_as_rarely_as_documented(nights: int, share: float) -> None:
    draw = random.Random(nights)
    goal = Goal("loss", Better.LOWER, 0)
    tasks = [f"t{number}" for number in range(2000)]
    now, *history = (result({task: {"loss": draw.gauss(0, 1)} for task in tasks}) for _ in range(1 + nights))

    refused = sum(each.verdict is Verdict.REGRESSED for each in judge(now, history, [goal]))

    assert refused / len(tasks) == pytest.approx(share, abs=0.003)


@pytest.mark.parametrize("task_id", ["train", "train/size=600"])
def test_a_goal_may_name_its_task(task_id: str) -> None:
    goals = [ACCURACY, Goal("train:accuracy", Better.HIGHER, 0.5), Goal("train:loss", Better.LOWER, 0.0)]
    history = [result({task_id: {"accuracy": 0.97, "loss": 1}, "check": {"accuracy": 0.97, "loss": 1}})] * 5
    run = result({task_id: {"accuracy": 0.6, "loss": 1}, "check": {"accuracy": 0.6, "loss": 2}})

    found = [(each.task_id, each.goal.metric, each.verdict) for each in judge(run, history, goals)]

    assert found == [
        (task_id, "train:accuracy", Verdict.PASS),
        (task_id, "train:loss", Verdict.PASS),
        ("check", "accuracy", Verdict.REGRESSED),
    ]


def test_a_metric_may_have_a_colon_and_a_slash() -> None:
    goals = [Goal("val:loss", Better.LOWER, 0.0), Goal("val/loss", Better.LOWER, 0.0)]
    history = [result({"train": {"val:loss": 1, "val/loss": 1}})] * 5

    comparisons = judge(result({"train": {"val:loss": 2, "val/loss": 2}}), history, goals)

    assert [each.verdict for each in comparisons] == [Verdict.REGRESSED, Verdict.REGRESSED]
