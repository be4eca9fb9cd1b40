"""A notebook's text, ready to run: read, checked against the task, parameters injected."""

import ast
import os
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from nightbook.execution.body import BodyError, Paths

PARAMETERS_TAG = "parameters"
INJECTED_TAG = "injected-parameters"
SKIPPED_TAG = "skip-execution"  # as nbclient has it


class NotebookSourceError(BodyError):
    """A notebook that is unreadable, or does not fit the task that names it."""


def prepare_notebook(
    path: Path, parameters: Mapping[str, object], paths: Mapping[str, Paths]
) -> NotebookNode:
    """Return the notebook at ``path`` with one more cell, after its parameters cell, that sets the values.

    Each of ``parameters`` must have a default in the parameters cell. Each of ``paths`` may have one, and
    is set only if it has. Paths are written relative to the notebook's folder, where its kernel runs, so
    that an executed notebook reveals nothing of the machine. Raise NotebookSourceError if the notebook
    does not exist or the names do not match.
    """
    notebook = _read(path)
    position = _parameters_position(notebook, path)
    defaults = _assigned_names(notebook.cells[position].source, path)
    _check_names(path, defaults, set(parameters), set(paths))
    lines = ["# Set by the pipeline.", "from pathlib import Path", ""]
    lines += [f"{name} = {value!r}" for name, value in parameters.items()]
    lines += [
        f"{name} = {_path_source(value, path.parent)}" for name, value in paths.items() if name in defaults
    ]
    injected = nbformat.v4.new_code_cell("\n".join(lines), metadata={"tags": [INJECTED_TAG]})
    notebook.cells.insert(position + 1, injected)
    return notebook


def code_cells(notebook: NotebookNode) -> list[int]:
    """Return the positions of the cells that will be executed."""
    return [position for position, cell in enumerate(notebook.cells) if _is_executed(cell)]


def _is_executed(cell: NotebookNode) -> bool:
    """Return whether nbclient executes the cell."""
    is_skipped = SKIPPED_TAG in cell.metadata.get("tags", ())
    return cell.cell_type == "code" and bool(cell.source.strip()) and not is_skipped


def _read(path: Path) -> NotebookNode:
    if not path.is_file():
        raise NotebookSourceError(
            f"there is no notebook {path}: create it, or set `notebook = ...` in the task's class"
        )
    try:
        notebook = _parse(path, path.stat().st_mtime_ns)
    except Exception as error:  # jupytext and its parsers raise whatever they meet
        raise NotebookSourceError(f"the notebook {path} cannot be read: {error}") from error
    return deepcopy(notebook)


@cache
def _parse(path: Path, changed_ns: int) -> NotebookNode:  # noqa: ARG001 a changed file is parsed again
    """Return the parsed file. The run's main process parses it once, and its forks inherit the result."""
    notebook: NotebookNode = jupytext.read(path)
    return notebook


def _check_names(path: Path, defaults: set[str], parameters: set[str], paths: set[str]) -> None:
    missing, unknown = sorted(parameters - defaults), sorted(defaults - parameters - paths)
    if missing:
        raise NotebookSourceError(
            f"the parameters cell of {path} lacks {', '.join(missing)}: "
            "give each a default there, or remove the parameter from the task"
        )
    if unknown:
        raise NotebookSourceError(
            f"the parameters cell of {path} sets {', '.join(unknown)}, which the task does not pass: "
            "add a Luigi parameter of that name, or set it in another cell"
        )


def _parameters_position(notebook: NotebookNode, path: Path) -> int:
    positions = [
        position
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and PARAMETERS_TAG in cell.metadata.get("tags", ())
    ]
    if len(positions) != 1:
        raise NotebookSourceError(
            f"{path} has {len(positions)} code cells tagged {PARAMETERS_TAG!r} and needs one: "
            'begin it with `# %% tags=["parameters"]`'
        )
    return positions[0]


def _assigned_names(source: str, path: Path) -> set[str]:
    try:
        module = ast.parse(source)
    except SyntaxError as error:
        raise NotebookSourceError(
            f"the parameters cell of {path} is not valid Python: {error.msg} "
            f"(line {error.lineno} of the cell)"
        ) from error
    targets: list[ast.expr] = []
    for statement in module.body:
        if isinstance(statement, ast.Assign):
            targets += statement.targets
        elif isinstance(statement, ast.AnnAssign):
            targets.append(statement.target)
    return {name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)}


def _path_source(value: Paths, start: Path) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key!r}: {_path_source(item, start)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_path_source(item, start) for item in value) + "]"
    if isinstance(value, str):  # a URL
        return repr(value)
    # A kernel's working directory has no symbolic links in its path.
    relative = Path(os.path.relpath(value.resolve(), start.resolve()))
    return f"Path({relative.as_posix()!r}).resolve()"
