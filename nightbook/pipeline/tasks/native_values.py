"""The values of a task's parameters as its body is given them: what Luigi has, and no text of it."""

from collections.abc import Mapping
from typing import Any

import luigi

from nightbook.pipeline.tasks.attempt_task import AttemptTask


def native_values(task: AttemptTask) -> dict[str, object]:
    """Return the values of the significant parameters by name: dates, enums and paths are what they are.

    Luigi keeps lists as tuples, and dicts frozen, so that a task has a hash. A list is a list again, as the
    notebook's own default is; a tuple of a ``TupleParameter`` stays one.
    """
    parameters = dict(task.get_params())
    return {name: _native(parameters[name], getattr(task, name)) for name in task.body_parameters}


def _native(parameter: luigi.Parameter, value: object) -> object:
    is_list = isinstance(parameter, luigi.ListParameter) and not isinstance(parameter, luigi.TupleParameter)
    return _thawed(value, lists=is_list or isinstance(parameter, luigi.DictParameter))


def _thawed(value: Any, *, lists: bool) -> object:
    if isinstance(value, Mapping):
        return {key: _thawed(item, lists=lists) for key, item in value.items()}
    if isinstance(value, tuple) and type(value) is tuple:
        items = [_thawed(item, lists=lists) for item in value]
        return items if lists else tuple(items)
    return value
