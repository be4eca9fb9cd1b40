"""Parameters as environment variables, and the texts in which only the name of a hidden one may stand."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path


def parameter_variables(parameters: Mapping[str, object]) -> dict[str, str]:
    """Return ``PARAM_NAME`` for each parameter.

    The prefix keeps a parameter ``path`` from replacing the variable by which programs are found.
    """
    return {variable_of(name): as_text(value) for name, value in parameters.items()}


def variable_of(name: str) -> str:
    """Return the name of the variable that a body finds the parameter in."""
    return f"PARAM_{name.upper()}"


def as_text(value: object) -> str:
    """Return a string or path as it is, all else as JSON."""
    if isinstance(value, str | Path):
        return str(value)
    return json.dumps(value, default=str)


def with_names(text: str, hidden: Mapping[str, object]) -> str:
    """Return the text with the variable of each hidden parameter in place of its value."""
    values = {as_text(value): name for name, value in hidden.items()}
    for value in sorted(filter(None, values), key=len, reverse=True):
        text = text.replace(value, f"${variable_of(values[value])}")
    return text


def command_with_names(command: Sequence[str] | str, hidden: Mapping[str, object]) -> Sequence[str] | str:
    """Return the command, a line or its words, as ``with_names`` has a text."""
    if not hidden:
        return command
    if isinstance(command, str):
        return with_names(command, hidden)
    return [with_names(part, hidden) for part in command]
