"""What varies within a run, and what is the run's own."""

from dataclasses import replace
from pathlib import PurePosixPath

from nightbook.record.format.model import Attempt, Json, LoggedValue, Outcome, Run, Task, ValueType
from nightbook.record.read.reader import read_run
from nightbook.tracker.data.variants import run_values
from tests.support.sample_records import FROZEN


def with_tasks(run: Run, *tasks: tuple[dict[str, Json], dict[str, float]]) -> Run:
    """The frozen run with tasks of those parameters and metrics."""
    made = []
    for number, (parameters, metrics) in enumerate(tasks):
        values = tuple(LoggedValue(name, ValueType.METRIC, value, None, 0) for name, value in metrics.items())
        attempt = Attempt(1, Outcome.SUCCESS, 0, 1, 1, PurePosixPath(), values=values)
        made.append(Task(f"t{number}", "t", parameters, "t.py", 1, 1, 1, attempts=(attempt,)))
    return replace(run, tasks=tuple(made), parameters={"run_id": run.run_id, "environment": "ci"})


def test_what_varies_makes_variants_and_the_rest_is_the_runs() -> None:
    run = with_tasks(
        read_run(FROZEN),
        ({"ratio": 0.7}, {"rows": 10}),
        ({"size": 600, "ratio": 0.7}, {"loss": 0.2}),
        ({"size": 800, "ratio": 0.7}, {"loss": 0.1}),
        ({"size": 600}, {"accuracy": 0.9}),
    )
    values = run_values(run)
    assert values.params == {"environment": "ci", "ratio": 0.7}
    assert values.metrics == {"rows": 10}
    assert [(variant.params, variant.metrics) for variant in values.variants] == [
        ({"size": 600}, {"loss": 0.2, "accuracy": 0.9}),
        ({"size": 800}, {"loss": 0.1}),
    ]
