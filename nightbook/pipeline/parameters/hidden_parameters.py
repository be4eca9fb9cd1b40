"""Parameters whose values are in no record: those of Luigi's visibility HIDDEN and PRIVATE.

Where the texts of a task's parameters leave the process, a placeholder stands for such a value. Who makes the
task again, to continue the run or for another machine's, takes the value from a variable of the parameter's
name. A value that is the default of the class is left out, so that the default is taken again.
"""

import os
from collections.abc import Iterable, Mapping
from typing import Any

import luigi
from luigi.parameter import ParameterVisibility, _no_value

from nightbook.pipeline.code.entry_point import PipelineError

PLACEHOLDER = "<hidden>"
_Key = tuple[str, frozenset[tuple[str, str]]]
_made: dict[_Key, dict[str, str]] = {}  # what this process knows already, by the task without these values

# What each machine sets for itself says nothing of a task: of these, the parameter's own name is asked alone.
_OF_THE_MACHINE = frozenset(
    {"DISPLAY", "EDITOR", "HOME", "HOST", "HOSTNAME", "LANG", "LANGUAGE", "LOGNAME", "MAIL", "NAME", "PATH"}
    | {"PWD", "SHELL", "TERM", "TMPDIR", "TZ", "UID", "USER", "USERNAME"}
)


class MissingValueError(PipelineError):
    """A hidden value that is needed again, and that no variable has."""


def is_hidden(parameter: luigi.Parameter) -> bool:
    """Return True if the values of the parameter belong into no record."""
    return bool(parameter.visibility != ParameterVisibility.PUBLIC)


def hidden_names(task: "luigi.Task | type[luigi.Task]") -> list[str]:
    """Return the names of the task's parameters whose values belong into no record."""
    return [name for name, parameter in task.get_params() if is_hidden(parameter)]


def hidden_texts(task: luigi.Task) -> dict[str, str]:
    """Return the hidden values of the task as a command line would have them. They must not leave it."""
    parameters = dict(task.get_params())
    return {name: parameters[name].serialize(getattr(task, name)) for name in hidden_names(task)}


def recorded_texts(task: luigi.Task) -> dict[str, str]:
    """Return the texts of the task's parameters, with a placeholder for each hidden one that was set.

    This process can make the task again from them.
    """
    texts: dict[str, str] = task.to_str_params(only_public=True)
    hidden = hidden_texts(task)
    if not hidden:
        return texts
    _made[_key(task.task_family, texts)] = hidden
    parameters = dict(task.get_params())
    return texts | {
        name: PLACEHOLDER for name, text in hidden.items() if text != _default_text(parameters[name])
    }


def complete_texts(task_class: type[luigi.Task], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts with the values of hidden parameters in place of placeholders.

    A parameter without a default that is missing is given the value of its variable, too. Raise
    MissingValueError if nothing has a value.
    """
    parameters, family = dict(task_class.get_params()), task_class.get_task_family()
    hidden = hidden_names(task_class)
    sought = [
        name
        for name in hidden
        if texts.get(name, PLACEHOLDER) == PLACEHOLDER
        and (name in texts or not _has_value(parameters[name], family, name))
    ]
    known = _made.get(_key(family, {name: text for name, text in texts.items() if name not in hidden}), {})
    found = {name: _find(parameters[name], family, name, known) for name in sought}
    missing = [name for name, text in found.items() if text is None]
    if missing:
        raise MissingValueError(_missing(task_class, missing))
    return {**texts, **{name: text for name, text in found.items() if text is not None}}


def known_texts(family: str, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts with the hidden values of the task, if ``recorded_texts`` has had it."""
    return {**texts, **_made.get(_key(family, texts), {})}


def different_hidden(task: luigi.Task, other: luigi.Task) -> list[str]:
    """Return the names of the hidden parameters in which two tasks of one id differ."""
    texts, others = hidden_texts(task), hidden_texts(other)
    return [name for name, text in texts.items() if others.get(name) != text]


def check_one_value_each(tasks: Iterable[luigi.Task]) -> None:
    """Raise PipelineError if one variable, which workers elsewhere read, would have to hold two values."""
    first: dict[str, tuple[str, luigi.Task]] = {}
    for task in tasks:
        parameters = dict(task.get_params())
        for name, text in hidden_texts(task).items():
            if text == _default_text(parameters[name]):
                continue
            other_text, other = first.setdefault(name, (text, task))
            if other_text != text:
                raise PipelineError(
                    f"the hidden parameter {name} has different values in {other} and {task}, and workers "
                    f"elsewhere find one, in the variable {variable_name(name)}: rename one parameter"
                )


def variable_name(name: str) -> str:
    """Return the name of the variable that a hidden parameter's value is set by."""
    return name if name.upper() in _OF_THE_MACHINE else name.upper()


def _find(parameter: Any, family: str, name: str, known: Mapping[str, str]) -> str | None:
    """Return the value's text from this process, the variable, or Luigi's settings; None without any."""
    text = known.get(name, os.environ.get(name, os.environ.get(variable_name(name))))
    return _configured(parameter, family, name) if text is None else text


def _has_value(parameter: Any, family: str, name: str) -> bool:
    try:
        return bool(parameter.has_task_value(family, name))
    except Exception:  # noqa: BLE001 a value in luigi.cfg that cannot be read; Luigi says so when it makes the task
        return True


def _configured(parameter: Any, family: str, name: str) -> str | None:
    """Return the text that luigi.cfg or Luigi's command line has; the last of the origins is the default."""
    *origins, _default = parameter._value_iterator(family, name)  # noqa: SLF001 Luigi has no other door
    return next((parameter.serialize(value) for value, _ in origins if value is not _no_value), None)


def _default_text(parameter: Any) -> str | None:
    default = parameter._default  # noqa: SLF001 as above
    return None if default is _no_value else str(parameter.serialize(parameter.normalize(default)))


def _missing(task_class: type[luigi.Task], names: list[str]) -> str:
    variables = " and ".join(map(variable_name, names))
    what = "parameter" if len(names) == 1 else "parameters"
    values = "whose value is" if len(names) == 1 else "whose values are"
    return (
        f"{task_class.__name__} needs its hidden {what} {' and '.join(names)}, {values} in no record: "
        f"set the environment variable{'s' * (len(names) > 1)} {variables}"
    )


def _key(family: str, public: Mapping[str, str]) -> _Key:
    return family, frozenset(public.items())
