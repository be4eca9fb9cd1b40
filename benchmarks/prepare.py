"""The same work for tools that know nothing of this project: plain notebooks, scripts, and makefiles.

``python -m benchmarks.prepare PAIRS FOLDER``. Each task's notebook gets its parameters written into it,
so that no tool has to, and a function becomes a notebook that calls it; this is not counted.
"""

import json
import re
import sys
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path

import jupytext
import nbformat

from benchmarks.subject import load_subject
from nightbook import settings
from nightbook.execution.notebook.injection import INJECTED_TAG, RUN_FOLDER
from nightbook.execution.notebook.source import PARAMETERS_TAG, prepare_notebook
from nightbook.execution.warm_kernels.imports import find_imports
from nightbook.pipeline.graph.graph import find_tasks
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.pipeline.tasks.function_task import FunctionTask
from nightbook.pipeline.tasks.notebook_task import NotebookTask

_ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Step:
    """One notebook or function to run, after the ones with these names; ``ready`` is made when it is done."""

    name: str
    notebook: str
    script: str
    output_dir: str
    after: tuple[str, ...]


def prepare(pairs: int, folder: Path) -> list[Step]:
    """Write the notebooks and scripts of all steps, and ``steps.json``; returns the steps."""
    settings.override(runs=folder / "runs")
    tasks = find_tasks(load_subject(pairs))
    steps = [_prepare(task, folder) for task in tasks if isinstance(task, NotebookTask | FunctionTask)]
    notebooks = settings.settings().notebooks
    plan = {
        "notebooks": str(notebooks),
        "imports": sorted(set(chain.from_iterable(find_imports(notebooks).values()))),
        "steps": [asdict(step) for step in steps],
    }
    (folder / "steps.json").write_text(json.dumps(plan, indent=1), encoding="utf-8")
    for name, recipe in _RECIPES.items():
        (folder / f"{name}.mk").write_text(_makefile(steps, notebooks, recipe), encoding="utf-8")
    return steps


def _prepare(task: NotebookTask | FunctionTask, folder: Path) -> Step:
    output, name = task.record_folder.output, _name(task)
    notebook = _notebook(task) if isinstance(task, NotebookTask) else _calling(task)
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    (folder / "sources").mkdir(parents=True, exist_ok=True)
    source = folder / "sources" / f"{name}.ipynb"
    script = source.with_suffix(".py")
    nbformat.write(notebook, source)
    jupytext.write(notebook, script, fmt="py:percent")
    return Step(
        name=name,
        notebook=str(source),
        script=str(script),
        output_dir=str(output),
        after=tuple(_name(dependency) for dependency in task.deps() if isinstance(dependency, AttemptTask)),
    )


def _notebook(task: NotebookTask) -> nbformat.NotebookNode:
    """Return the task's notebook with its parameters."""
    body, run = task.body, task.record_folder.run.path
    paths = {"output_dir": task.record_folder.output, "inputs": body.inputs or {}}
    notebook = prepare_notebook(body.source, body.parameters, paths, run)
    (injected,) = (cell for cell in notebook.cells if INJECTED_TAG in cell.metadata.get("tags", ()))
    injected.source = injected.source.replace(RUN_FOLDER, repr(str(run.absolute())))
    # The defaults would look for the newest run; the cell that follows them has the values.
    notebook.cells = [
        cell
        for cell in notebook.cells
        if PARAMETERS_TAG not in cell.metadata.get("tags", ()) or cell is injected
    ]
    return notebook


def _calling(task: FunctionTask) -> nbformat.NotebookNode:
    """Return a notebook that calls the task's function."""
    module, name = type(task).__module__, type(task).__name__
    source = f"""\
import sys
from pathlib import PosixPath

sys.path.insert(0, {str(_ROOT)!r})
from {module} import {name}

task = {name}.from_str_params({task.to_str_params()!r})
task.execute({task.body_inputs!r}, {task.record_folder.output!r})
"""
    notebook: nbformat.NotebookNode = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    return notebook


def _name(task: AttemptTask) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", task.record_id)


_RECIPES = {
    "scripts": "@cd {notebooks} && PYTHONPATH={notebooks} $(PYTHON) -W ignore {script} > {script}.log",
    "papermill": "@$(PAPERMILL) --no-progress-bar --cwd {notebooks} {notebook} {name}.ipynb 2>{name}.log",
}


def _makefile(steps: list[Step], notebooks: Path, recipe: str) -> str:
    rules = [
        f".PHONY: all {' '.join(step.name for step in steps)}",
        f"all: {' '.join(s.name for s in steps)}",
    ]
    for step in steps:
        command = recipe.format(**{**asdict(step), "notebooks": notebooks})
        rules.append(f"{step.name}: {' '.join(step.after)}\n\t@mkdir -p {step.output_dir}\n\t{command}")
    return "\n".join(rules) + "\n"


if __name__ == "__main__":
    prepare(int(sys.argv[1]), Path(sys.argv[2]).absolute())
