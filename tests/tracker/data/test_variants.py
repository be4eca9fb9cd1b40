"""What varies within a run, and what is the run's own."""

from dataclasses import replace
from pathlib import PurePosixPath

from nightbook.record.format.model import Attempt, Json, LoggedValue, Outcome, Run, Task, ValueType
from nightbook.record.goals import Better, Goal
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


def named(run: Run, *names: str) -> Run:
    """The run with other names of its tasks."""
    tasks = (
        replace(task, name=name, task_id=f"{name}/{number}")
        for number, (task, name) in enumerate(zip(run.tasks, names, strict=True))
    )
    return replace(run, tasks=tuple(tasks))


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
    assert values.told_apart == {}


def test_a_metric_of_several_tasks_is_told_apart_by_the_task() -> None:
    run = with_tasks(
        read_run(FROZEN),
        ({}, {"accuracy": 0.9, "loss": 0.1}),
        ({}, {"accuracy": 0.8}),
        ({"size": 600}, {"accuracy": 0.7, "speed": 1}),
        ({"size": 600}, {"accuracy": 0.6}),
        ({"size": 800}, {"accuracy": 0.5}),
    )
    values = run_values(named(run, "train", "check", "sized", "sized-check", "sized"))
    assert values.metrics == {"train:accuracy": 0.9, "loss": 0.1, "check:accuracy": 0.8}
    assert [variant.metrics for variant in values.variants] == [
        {"sized:accuracy": 0.7, "speed": 1, "sized-check:accuracy": 0.6},
        {"accuracy": 0.5},
    ]
    assert values.told_apart == {
        "accuracy": ("train:accuracy", "check:accuracy", "sized:accuracy", "sized-check:accuracy")
    }


def test_a_metric_that_a_goal_names_by_its_task_has_one_name_in_each_run() -> None:
    goals = [Goal("train:accuracy", Better.HIGHER), Goal("loss", Better.LOWER)]
    run = read_run(FROZEN)
    alone = with_tasks(run, ({}, {"accuracy": 0.9, "loss": 0.1}))
    together = with_tasks(run, ({}, {"accuracy": 0.9}), ({}, {"accuracy": 0.8, "loss": 0.1}))
    sized = with_tasks(run, ({"size": 1}, {"accuracy": 0.9}), ({"size": 2}, {"accuracy": 0.8}))

    values = run_values(named(alone, "train"), goals)
    assert values.metrics == {"train:accuracy": 0.9, "loss": 0.1}
    assert values.told_apart == {"accuracy": ("train:accuracy",)}
    assert run_values(named(together, "train", "check"), goals).metrics == {
        "train:accuracy": 0.9,
        "check:accuracy": 0.8,
        "loss": 0.1,
    }
    variants = run_values(named(sized, "train", "train"), goals).variants
    assert [variant.metrics for variant in variants] == [{"train:accuracy": 0.9}, {"train:accuracy": 0.8}]


def test_tasks_of_one_name_are_told_apart_by_their_ids() -> None:
    run = with_tasks(read_run(FROZEN), ({}, {"accuracy": 0.9}), ({}, {"accuracy": 0.8}))

    assert run_values(run).metrics == {"t0:accuracy": 0.9, "t1:accuracy": 0.8}
