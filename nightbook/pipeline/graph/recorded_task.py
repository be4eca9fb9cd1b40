"""A task of any kind as the run record knows it."""

from collections.abc import Iterable, Mapping
from typing import Any

import luigi

from nightbook.pipeline.tasks.attempt_limit import attempt_limit
from nightbook.pipeline.tasks.attempt_task import AttemptTask, json_value
from nightbook.pipeline.tasks.run_task import in_words
from nightbook.pipeline.tasks.time_limit import time_limit
from nightbook.record.format.identity import task_id_of
from nightbook.record.format.model import Json, Task, TaskKind


def task_name(task: luigi.Task) -> str:
    """Return the task's name: ``clean-data`` for ``CleanData``, ``shop.clean-data`` in a namespace."""
    if isinstance(task, AttemptTask):
        return task.task_name
    name = in_words(type(task))
    namespace = type(task).get_task_namespace()
    return f"{namespace}.{name}" if namespace else name


def record_id(task: luigi.Task) -> str:
    """Return the task's id in the run record."""
    if isinstance(task, AttemptTask):
        return task.record_id
    return task_id_of(task_name(task), _texts(task))


def declare(task: luigi.Task, dependencies: Iterable[luigi.Task]) -> Task:
    """Return the task as the run record declares it, with the tasks that it needs."""
    depends_on = tuple(dict.fromkeys(record_id(needed) for needed in dependencies))
    if isinstance(task, AttemptTask):
        return Task(
            task_id=task.record_id,
            name=task.task_name,
            parameters=task.recorded_parameters,
            notebook=task.body_source,
            retry_count=attempt_limit(task),
            timeout_s=task.timeout_s or 0,
            num_cpus=task.num_cpus,
            kind=task.kind,
            depends_on=depends_on,
        )
    return Task(
        task_id=record_id(task),
        name=task_name(task),
        parameters=_values(task),
        notebook=f"{type(task).__module__}:{type(task).__name__}",
        retry_count=attempt_limit(task),
        timeout_s=time_limit(task),
        num_cpus=int(task.resources.get("num_cpus", 0)),
        kind=TaskKind.LUIGI,
        depends_on=depends_on,
    )


def _texts(task: luigi.Task) -> Mapping[str, str]:
    texts: dict[str, str] = task.to_str_params(only_significant=True, only_public=True)
    return {name: text for name, text in texts.items() if name != "run_id"}


def _values(task: luigi.Task) -> dict[str, Json]:
    parameters: dict[str, Any] = dict(task.get_params())
    return {name: json_value(parameters[name], getattr(task, name)) for name in _texts(task)}
