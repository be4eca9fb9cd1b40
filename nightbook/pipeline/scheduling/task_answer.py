"""The task that a scheduler has handed out, before Luigi's worker makes it."""

import importlib
from collections.abc import Mapping
from typing import Any

from luigi.task_register import Register

from nightbook.pipeline.graph.extended_run import ExtendedRun
from nightbook.pipeline.parameters.hidden_parameters import PLACEHOLDER, complete_texts


def with_hidden_values(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scheduler's answer with the hidden values of the task's parameters.

    Raise MissingValueError if this machine does not have one, also of the tasks that a whole run consists of.
    """
    texts = answer["task_params"]
    if not any(PLACEHOLDER in text for text in texts.values()):
        return dict(answer)
    if answer.get("task_module"):
        importlib.import_module(answer["task_module"])
    task_class = Register.get_task_cls(answer["task_family"])
    completed = complete_texts(task_class, texts)
    if issubclass(task_class, ExtendedRun):
        task_class.from_str_params(completed).requires()
    return {**answer, "task_params": completed}
