"""A notebook's text, ready to run: read, checked against the task, parameters injected."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from functools import cache
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.validator import NotebookValidationError

from nightbook.execution.body import BodyError, Paths
from nightbook.execution.notebook.injection import injected_cell
from nightbook.execution.notebook.literals import LiteralWriter, UnwritableValueError
from nightbook.execution.notebook.names import assigned_names, parse_cell, unbound_names
from nightbook.execution.notebook.saved_results import without_results
from nightbook.execution.notebook.text_notebook import find_ambiguities, read_text_notebook

PARAMETERS_TAG = "parameters"
_BY_HAND = {"output_dir": "nightbook.scratch_dir()", "inputs": 'nightbook.newest_output("TASK")'}
SKIPPED_TAG = "skip-execution"  # as nbclient has it


class NotebookSourceError(BodyError):
    """A notebook that is unreadable, or does not fit the task that names it."""


def prepare_notebook(
    path: Path,
    parameters: Mapping[str, object],
    paths: Mapping[str, Paths],
    run: Path,
    hidden: Mapping[str, object] | None = None,
) -> NotebookNode:
    """Return the notebook at ``path`` with one more cell, after its parameters cell, that sets the values.

    Each of ``parameters`` and of ``hidden`` must have a default in the parameters cell. Each of ``paths`` is
    set if it has one, and must have one if the notebook uses it. A notebook that gets nothing needs no such
    cell. ``run`` is the run's folder. Of ``hidden``, the notebook has the names, and reads the values from
    its environment. Raise NotebookSourceError if the notebook does not exist, has lines that would not run as
    they look, or if the names do not match.
    """
    hidden = hidden or {}
    notebook = _read(path)
    unbound = unbound_names(notebook.cells[position].source for position in code_cells(notebook))
    used = [name for name in paths if name in unbound]
    position = _parameters_position(notebook, path)
    if position is None:
        if parameters or hidden or used:
            raise _no_cell(path, {**parameters, **dict.fromkeys(hidden, "")}, used)
        return notebook
    defaults = _defaults(notebook.cells[position].source, path)
    _check_names(path, defaults, [*parameters, *hidden, *used], set(paths))
    wanted = {name: value for name, value in paths.items() if name in defaults}
    if not (parameters or hidden or wanted):
        return notebook
    try:
        cell = injected_cell(parameters, hidden, wanted, run)
    except UnwritableValueError as error:
        raise NotebookSourceError(
            f"{path} cannot be given the parameter {error}: give it a date, number, string or another simple "
            "value, or set `parameter_values = text` in luigi.cfg under [nightbook] to pass its text"
        ) from error
    notebook.cells.insert(position + 1, cell)
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
        notebook, ambiguities = _parse(path, path.stat().st_mtime_ns)
    except Exception as error:  # jupytext and its parsers raise whatever they meet
        raise NotebookSourceError(f"the notebook {path} cannot be read: {_problem(error)}") from error
    if ambiguities:
        raise NotebookSourceError("\n".join(f"{path}, line {line}: {text}" for line, text in ambiguities))
    return deepcopy(notebook)


def _problem(error: Exception) -> str:
    """Return what is wrong, on one line where it is the form of the notebook, with the place."""
    if not isinstance(error, NotebookValidationError):
        return str(error)
    place = ", ".join(map(str, error.absolute_path))
    return f"{error.message} in its {place or 'cells'}"


@cache
def _parse(path: Path, changed_ns: int) -> tuple[NotebookNode, list[tuple[int, str]]]:  # noqa: ARG001 a changed file is parsed again
    """Return the parsed file. The run's main process parses it once, and its forks inherit the result."""
    text = path.read_text(encoding="utf-8-sig")
    if path.suffix == ".ipynb":
        return without_results(nbformat.reads(text, as_version=4)), []
    notebook = read_text_notebook(text, path.suffix)
    return notebook, find_ambiguities(text, notebook)


def _check_names(path: Path, defaults: set[str], needed: Sequence[str], paths: set[str]) -> None:
    missing, unknown = sorted(set(needed) - defaults), sorted(defaults - set(needed) - paths)
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


def _parameters_position(notebook: NotebookNode, path: Path) -> int | None:
    positions = [
        position
        for position, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and PARAMETERS_TAG in cell.metadata.get("tags", ())
    ]
    if len(positions) > 1:
        raise NotebookSourceError(
            f"{path} has {len(positions)} code cells tagged {PARAMETERS_TAG!r} and can have one: join them"
        )
    return positions[0] if positions else None


def _no_cell(path: Path, parameters: Mapping[str, object], used: Sequence[str]) -> NotebookSourceError:
    """Return the error of a notebook that has no parameters cell and needs one, with a cell to paste."""
    names = ", ".join([*parameters, *used])
    lines = [f"{name} = {_BY_HAND[name]}" for name in used]
    lines = [*(f"{name} = {_default(value)}" for name, value in parameters.items()), *lines]
    lines = [*(["import nightbook", ""] if used else []), *lines]
    begin = 'a cell with the tag "parameters"' if path.suffix == ".ipynb" else '# %% tags=["parameters"]'
    return NotebookSourceError(
        f"{path} has 0 code cells tagged {PARAMETERS_TAG!r} and needs one for {names}: "
        "paste this cell before the first that uses it\n"
        + "\n".join(f"    {line}" for line in [begin, *lines])
    )


def _default(value: object) -> str:
    writer = LiteralWriter()
    try:
        text = writer.write(value)
    except UnwritableValueError:
        return "None"
    return "None" if writer.aliases else text


def _defaults(source: str, path: Path) -> set[str]:
    try:
        return assigned_names(parse_cell(source))
    except SyntaxError as error:
        raise NotebookSourceError(
            f"the parameters cell of {path} is not valid Python: {error.msg} "
            f"(line {error.lineno} of the cell)"
        ) from error
