"""The cell that sets a notebook's parameters, inputs and output folder."""

import os
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nightbook.execution.body import Paths
from nightbook.execution.notebook.literals import LiteralWriter, UnwritableValueError
from nightbook.execution.parameter_variables import variable_of
from nightbook.record.write.attempt_context import RUN_VARIABLE

INJECTED_TAG = "injected-parameters"
RUN_FOLDER = f'_nightbook_os.environ["{RUN_VARIABLE}"]'  # how the cell finds the run's folder
_RUN = "_nightbook_run"


def injected_cell(
    parameters: Mapping[str, object], hidden: Mapping[str, object], paths: Mapping[str, Paths], run: Path
) -> NotebookNode:
    """Return a code cell that sets the values, and no other name; those of ``hidden`` it finds in variables.

    Paths are written relative to the run's folder, so that an executed notebook reveals nothing of the
    machine; a variable of the kernel has that folder, so that no ``os.chdir`` moves them. Raise
    UnwritableValueError, which names the parameter, for a value that cannot be handed over.
    """
    writer = LiteralWriter()
    lines = [f"{name} = {_value(writer, name, value)}" for name, value in parameters.items()]
    lines += [_hidden(writer, name, value) for name, value in hidden.items()]
    lines += [f"{name} = {_path(value, run)}" for name, value in paths.items()]
    private = []
    if writer.needs_project:
        project = f"{_relative(Path.cwd(), run)}.resolve()"
        lines.insert(0, f"{writer.module('sys')}.path.append(str({project}))")
    if paths or writer.needs_project:
        writer.module("os")
        lines.insert(0, f"{_RUN} = {writer.module('pathlib')}.Path({RUN_FOLDER}).resolve()")
        private.append(_RUN)
    imports = [f"import {module} as {alias}" for module, alias in writer.aliases.items()]
    private += writer.aliases.values()
    lines = ["# Set by the pipeline.", *imports, *lines, *([f"del {', '.join(private)}"] if private else [])]
    cell: NotebookNode = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": [INJECTED_TAG]})
    return cell


def _value(writer: LiteralWriter, name: str, value: object) -> str:
    try:
        return writer.write(value)
    except UnwritableValueError as error:
        raise UnwritableValueError(f"{name}, {error}") from error


def _hidden(writer: LiteralWriter, name: str, value: object) -> str:
    variable = f'{writer.module("os")}.environ["{variable_of(name)}"]'
    source = variable if isinstance(value, str) else f"{writer.module('json')}.loads({variable})"
    return f"{name} = {source}  # hidden"


def _path(value: Paths, run: Path) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_path(item, run)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_path(item, run) for item in value) + "]"
    if isinstance(value, str):  # a URL
        return repr(value)
    text = _relative(value, run)
    return f"{text}.resolve()" if ".." in text else text


def _relative(path: Path, run: Path) -> str:
    relative = Path(os.path.relpath(path.resolve(), run.resolve()))
    return f"({_RUN} / {relative.as_posix()!r})"
