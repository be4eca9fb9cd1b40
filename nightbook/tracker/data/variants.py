"""A run's parameters and metrics, separated by the parameters that vary within the run.

A metric belongs to the task that logged it. Where a run, or a variant of it, has one value of each, a name
that several of its tasks logged is told apart by the task: ``train:accuracy``. One that a goal names with its
task has that name in each run, whether other tasks logged it or not.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nightbook.record.format.model import Json, Run, Task, ValueType
from nightbook.record.goals import Goal

Values = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Variant:
    """Values of the parameters that vary, and the metrics of the tasks that have these values."""

    params: Mapping[str, Json]
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunValues:
    """A run's own parameters and metrics, and its variants.

    ``told_apart`` has the names of each metric that several tasks logged, or one that a goal names:
    ``train:accuracy`` and ``check:accuracy`` of ``accuracy``.
    """

    params: Mapping[str, Json]
    metrics: Mapping[str, float]
    variants: tuple[Variant, ...]
    told_apart: Mapping[str, tuple[str, ...]]


def logged_params(task: Task) -> Values:
    """Return the parameters that the task's last attempt logged."""
    values = task.last_attempt.values if task.last_attempt else ()
    return {value.name: value.value for value in values if value.type is ValueType.PARAM}


def run_values(run: Run, goals: Sequence[Goal] = ()) -> RunValues:
    """Return the run's values; a parameter varies if it has several values within the run."""
    params = [(task, _without_id({**task.parameters, **logged_params(task)}, run)) for task in run.tasks]
    found: dict[str, dict[str, Json]] = {}
    for values in (_without_id(run.parameters, run), *(values for _, values in params)):
        for name, value in values.items():
            found.setdefault(name, {})[_key(value)] = value
    own: list[Task] = []
    variants: dict[str, tuple[Values, list[Task]]] = {}
    for task, values in params:
        varying = {name: value for name, value in values.items() if len(found[name]) > 1}
        if varying:
            variants.setdefault(_key(varying), (varying, []))[1].append(task)
        else:
            own.append(task)
    told_apart: dict[str, dict[str, None]] = {}
    return RunValues(
        params={name: next(iter(values.values())) for name, values in found.items() if len(values) == 1},
        metrics=_metrics(own, goals, told_apart),
        variants=tuple(
            Variant(values, _metrics(tasks, goals, told_apart)) for values, tasks in variants.values()
        ),
        told_apart={metric: tuple(names) for metric, names in told_apart.items()},
    )


def _metrics(
    tasks: Sequence[Task], goals: Sequence[Goal], told_apart: dict[str, dict[str, None]]
) -> dict[str, float]:
    """Return the metrics of tasks; the names of those with a task in them are added to ``told_apart``."""
    counts = Counter(metric for task in tasks for metric in task.metrics)
    labels = Counter((task.name, metric) for task in tasks for metric in task.metrics)
    found: dict[str, float] = {}
    for task in tasks:
        for metric, number in task.metrics.items():
            named = next((goal.metric for goal in goals if goal.metric_of(task.task_id) == metric), None)
            name = named or metric
            if counts[metric] > 1:
                name = f"{task.name if labels[task.name, metric] == 1 else task.task_id}:{metric}"
            if name != metric:
                told_apart.setdefault(metric, {})[name] = None
            found[name] = number
    return found


def _without_id(params: Mapping[str, Json], run: Run) -> Values:
    """Return the parameters without the run id, which is one for Luigi only."""
    return {name: value for name, value in params.items() if value != run.run_id}


def _key(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
