"""Nothing that one function does is seen by another."""

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from nightbook.record.format.model import Outcome
from tests.support.attempted_function import Attempted
from tests.support.state_changes import CHANGES


def execute(source: str) -> Callable[..., None]:
    def function(*_: object) -> None:
        exec(source, globals())

    return function


@pytest.mark.promise("What a notebook or a function changes in its process is seen by no other.")
@pytest.mark.parametrize(("change", "look"), CHANGES.values(), ids=CHANGES)
def test_no_change_is_seen_by_the_next_function(tmp_path: Path, change: str, look: str) -> None:
    first, changing, second = (Attempted(tmp_path / name) for name in ("first", "changing", "second"))

    expected = first.make(execute(look))
    changed = changing.make(execute(change))
    seen = second.make(execute(look))

    assert changed.outcome is Outcome.SUCCESS
    assert (second.log, seen.outcome) == (first.log, expected.outcome)
    assert (seen.error and seen.error.message) == (expected.error and expected.error.message)


def test_each_draws_random_numbers_of_its_own(tmp_path: Path) -> None:
    def function(*_: object) -> None:
        print(random.random(), np.random.random())  # noqa: NPY002

    attempts = [Attempted(tmp_path / name) for name in ("first", "second")]
    for attempt in attempts:
        attempt.make(function)

    (one, two), (three, four) = (attempt.log.split() for attempt in attempts)
    assert one != three
    assert two != four
