"""A Luigi task made from the texts of its parameters, as a command line or a record has them."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

import luigi
from luigi.parameter import ParameterException

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.parameters.hidden_parameters import complete_texts, is_hidden
from nightbook.pipeline.parameters.hiding import without_values

_T = TypeVar("_T", bound=luigi.Task)


def make_task(task_class: type[_T], texts: Mapping[str, str], entry_point: str) -> _T:
    """Return the task of this class with these parameters.

    Raise PipelineError, which names everything that is wrong with them; ``entry_point`` names the class. The
    values of hidden parameters are taken as ``complete_texts`` does.
    """
    parameters = dict(task_class.get_params())
    texts = complete_texts(task_class, texts)
    problems = []
    for name, text in texts.items():
        if name not in parameters:
            problems.append(f"{name}: there is no such parameter{_suggestion(name, parameters)}")
            continue
        try:
            parameters[name].normalize(parameters[name].parse(text))
        except Exception as error:  # noqa: BLE001 a forker's parameter may raise anything
            problem = without_values(_one_line(error), [text] if is_hidden(parameters[name]) else [])
            problems.append(f"{name}: {problem}")
    if not problems:
        try:
            task: _T = task_class.from_str_params(dict(texts))
        except (ParameterException, ValueError) as error:
            problems = [_one_line(error)]
        else:
            return task
    raise PipelineError(f"the parameters of {entry_point} are wrong: {'; '.join(problems)}")


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


def _suggestion(name: str, parameters: Mapping[str, object]) -> str:
    close = get_close_matches(name, parameters, n=1)
    others = ", ".join(known for known in parameters if known != "run_id")
    return f" (is {close[0]} meant?)" if close else f" (there are: {others})" if others else ""
