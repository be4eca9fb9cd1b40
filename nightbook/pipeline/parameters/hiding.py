"""Keeps hidden values out of what Luigi itself writes: logs, summaries, warnings, errors, the scheduler.

Luigi leaves PRIVATE parameters out of what a scheduler is told, and prints them in its log.
"""

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import luigi
import luigi.execution_summary
from luigi.cmdline_parser import CmdlineParser

from nightbook.pipeline.parameters.hidden_parameters import PLACEHOLDER, is_hidden

_SHORT = 3  # characters of a value that may be a part of any word


def hide_values() -> None:
    """Let Luigi's tasks show public values only. Without hidden parameters nothing changes."""
    replaced: dict[str, object] = {
        "__repr__": _repr,
        "to_str_params": _to_str_params,
        "get_param_values": classmethod(_get_param_values),
        "_warn_on_wrong_param_types": _warn_on_wrong_param_types,
    }
    for name, replacement in replaced.items():
        setattr(luigi.Task, name, replacement)
    setattr(CmdlineParser, _arguments_of.__name__, _get_task_kwargs)
    vars(luigi.execution_summary)["_group_tasks_by_name_and_status"] = _group_shown


def without_values(text: str, values: Iterable[object]) -> str:
    """Return the text with a placeholder for each of the values."""
    forms = {repr(value) for value in values} | {str(value) for value in values if len(str(value)) > _SHORT}
    for form in sorted(forms, key=len, reverse=True):
        text = text.replace(form, PLACEHOLDER)
    return text


_texts_of: Callable[..., dict[str, str]] = luigi.Task.to_str_params
_values_of: Callable[..., Any] = vars(luigi.Task)["get_param_values"].__func__

_arguments_of: Callable[..., Any] = vars(CmdlineParser)["_get_task_kwargs"]


def _repr(task: luigi.Task) -> str:
    texts = _texts_of(task, only_significant=True, only_public=True)
    return f"{task.get_task_family()}({', '.join(f'{name}={text}' for name, text in texts.items())})"


def _to_str_params(
    task: luigi.Task,
    only_significant: bool = False,  # noqa: FBT001, FBT002 Luigi's signature
    only_public: bool = False,  # noqa: ARG001, FBT001, FBT002 the same
) -> dict[str, str]:
    return _texts_of(task, only_significant=only_significant, only_public=True)


def _get_param_values(
    task_class: type[luigi.Task],
    params: list[tuple[str, luigi.Parameter]],
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Any:
    """Return the values as Luigi has them; its errors name all arguments."""
    try:
        return _values_of(task_class, params, args, kwargs)
    except Exception as error:
        positional = [name for name, parameter in params if parameter.positional]
        given = {**dict(zip(positional, args, strict=False)), **kwargs}
        hidden = [given[name] for name, parameter in params if name in given and is_hidden(parameter)]
        if hidden:
            error.args = (without_values(str(error), hidden),)
        raise


def _get_task_kwargs(parser: Any) -> Any:
    """Return the task's arguments on Luigi's command line as Luigi has them; an error may name the text."""
    try:
        return _arguments_of(parser)
    except Exception as error:
        names = [name for name, parameter in parser._get_task_cls().get_params() if is_hidden(parameter)]  # noqa: SLF001
        hidden = [text for name in names if (text := getattr(parser.known_args, name, None))]
        if hidden:
            error.args = (without_values(str(error), hidden),)
        raise


def _warn_on_wrong_param_types(task: Any) -> None:
    """Warn as Luigi does; its warnings name the value."""
    parameters = dict(task.get_params())
    for name, value in task.param_kwargs.items():
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            parameters[name]._warn_on_wrong_param_type(name, value)  # noqa: SLF001 a copy of Luigi's loop
        for one in caught:
            text = str(one.message)
            shown = without_values(text, [value, str(value)]) if is_hidden(parameters[name]) else text
            warnings.warn(shown, one.category, stacklevel=4)


class _Shown:
    """A task as Luigi's summary reads it, with the public parameters only."""

    def __init__(self, task: luigi.Task) -> None:
        self._task = task

    def get_params(self) -> list[tuple[str, luigi.Parameter]]:
        return [(name, one) for name, one in self._task.get_params() if not is_hidden(one)]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._task, name)

    def __str__(self) -> str:
        return str(self._task)


def _group_shown(tasks: Iterable[luigi.Task]) -> dict[str, list[_Shown]]:
    groups: dict[str, list[_Shown]] = {}
    for task in tasks:
        groups.setdefault(task.task_family, []).append(_Shown(task))
    return groups
