"""A run's parameters and metrics, separated by the parameters that vary within the run."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from nightbook.record.format.model import Json, Run, Task, ValueType

Values = dict[str, Json]


@dataclass(frozen=True, slots=True)
class Variant:
    """Values of the parameters that vary, and the metrics of the tasks that have these values."""

    params: Mapping[str, Json]
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class RunValues:
    """A run's own parameters and metrics, and its variants."""

    params: Mapping[str, Json]
    metrics: Mapping[str, float]
    variants: tuple[Variant, ...]


def logged_params(task: Task) -> Values:
    """Return the parameters that the task's last attempt logged."""
    values = task.last_attempt.values if task.last_attempt else ()
    return {value.name: value.value for value in values if value.type is ValueType.PARAM}


def run_values(run: Run) -> RunValues:
    """Return the run's values; a parameter varies if it has several values within the run."""
    params = [(task, _without_id({**task.parameters, **logged_params(task)}, run)) for task in run.tasks]
    found: dict[str, dict[str, Json]] = {}
    for values in (_without_id(run.parameters, run), *(values for _, values in params)):
        for name, value in values.items():
            found.setdefault(name, {})[_key(value)] = value
    metrics: dict[str, float] = {}
    variants: dict[str, tuple[Values, dict[str, float]]] = {}
    for task, values in params:
        varying = {name: value for name, value in values.items() if len(found[name]) > 1}
        if varying:
            _, of_variant = variants.setdefault(_key(varying), (varying, {}))
            of_variant.update(task.metrics)
        else:
            metrics.update(task.metrics)
    return RunValues(
        params={name: next(iter(values.values())) for name, values in found.items() if len(values) == 1},
        metrics=metrics,
        variants=tuple(Variant(*variant) for variant in variants.values()),
    )


def _without_id(params: Mapping[str, Json], run: Run) -> Values:
    """Return the parameters without the run id, which is one for Luigi only."""
    return {name: value for name, value in params.items() if value != run.run_id}


def _key(value: Json) -> str:
    return json.dumps(value, sort_keys=True)
