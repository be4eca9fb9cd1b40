"""A run as data."""

import pytest

from tests.support.sample_runs import make_gated_run

RUN = make_gated_run({"train": {"loss": 1, "accuracy": 0.5}, "check": {"accuracy": 0.6}})


@pytest.mark.parametrize(
    ("preferred", "shown"),
    [
        (["accuracy"], ["accuracy"]),
        (["train:accuracy"], ["accuracy"]),
        (["train:accuracy", "loss"], ["accuracy", "loss"]),
        (["train:accuracy", "accuracy", "check:accuracy"], ["accuracy"]),
        (["check:loss", "other:accuracy"], ["loss", "accuracy"]),
    ],
)
def test_the_first_metrics_are_those_of_goals(preferred: list[str], shown: list[str]) -> None:
    assert RUN.headline_metrics(preferred) == shown
