"""What a task's body is given as ``inputs``: where the outputs of the required tasks are."""

from pathlib import Path
from typing import Any

import luigi

from nightbook.execution.body import Paths


def find_inputs(task: luigi.Task) -> "Paths | None":
    """Return the paths of the outputs, structured like ``requires()``; None without requirements.

    What a wrapper wraps takes the wrapper's place, in the wrapper's own structure. A target elsewhere than in
    this machine's files is named by its URL. Raise ValueError for one that has neither.
    """
    return _outputs(task.requires()) if task.deps() else None


def _outputs(required: Any) -> Paths:
    """Return the paths of the outputs of the tasks in a structure."""
    if isinstance(required, dict):
        return {str(key): _outputs(item) for key, item in required.items()}
    if isinstance(required, luigi.WrapperTask) and type(required).output is luigi.Task.output:
        return _outputs(required.requires())
    if isinstance(required, luigi.Task):
        return _places(required.output(), required)
    return [_outputs(item) for item in required or ()]


def _places(targets: Any, task: luigi.Task) -> Paths:
    if isinstance(targets, dict):
        return {str(key): _places(target, task) for key, target in targets.items()}
    if isinstance(targets, luigi.Target):
        return _place(targets, task)
    return [_places(target, task) for target in targets or ()]


def _place(target: luigi.Target, task: luigi.Task) -> Paths:
    place = getattr(target, "path", None) or getattr(target, "url", None)
    if not isinstance(place, str | Path):
        raise ValueError(
            f"{task} has the output {type(target).__name__}, which has neither a path nor a URL: "
            "let a task write it to a file, and require that task"
        )
    return place if isinstance(place, str) and "://" in place else Path(place)
