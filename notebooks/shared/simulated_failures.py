"""Failures on purpose, so that every run shows what retries and timeouts do."""

import random
import time
from collections.abc import Sequence
from typing import Literal, TypeAlias

Failure: TypeAlias = Literal["raise", "hang"]


class SimulatedError(RuntimeError):
    """An error that was planned."""


def failure_plan(run_id: str, mode: str) -> tuple[Failure, ...]:
    """What goes wrong in the first attempts, one entry each; the attempt after them succeeds.

    ``off``: nothing. ``dev``: two failures, one of each kind. ``ci``: three to five, at least one of
    them a hang. Which and in which order depends on the run id alone, so that a run can be repeated.
    """
    dice = random.Random(run_id)  # noqa: S311 nothing secret is drawn
    plan: list[Failure]
    match mode:
        case "off":
            return ()
        case "dev":
            plan = ["raise", "hang"]
        case "ci":
            more: list[Failure] = ["raise", "raise", "hang"]
            plan = ["raise", "hang", *dice.sample(more, dice.randint(1, 3))]
        case _:
            raise ValueError(f"the mode of the simulated failures is off, dev or ci, not {mode!r}")
    dice.shuffle(plan)
    return tuple(plan)


def fail_as_planned(plan: Sequence[Failure], attempt: int) -> None:
    """Raise SimulatedError, hang for ever or return, as planned for this attempt (counted from 1)."""
    if attempt > len(plan):
        return
    print(f"attempt {attempt} is going to {plan[attempt - 1]}, as planned")
    if plan[attempt - 1] == "raise":
        raise SimulatedError(f"attempt {attempt} fails as planned; attempt {len(plan) + 1} will succeed")
    while True:
        time.sleep(60)
