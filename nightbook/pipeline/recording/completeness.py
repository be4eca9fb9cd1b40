"""When a task is complete that has neither an ``output()`` nor a ``complete()`` of its own.

Luigi's ``hello_world`` is such a task. To Luigi it is never complete: it is run once in each run, and is done
when ``run()`` has returned. The record of the run remembers that, so that the run is a success and can be
resumed.
"""

from typing import Any

import luigi
from luigi.task import flatten

from nightbook.execution.publication import is_published, taken_as_complete
from nightbook.pipeline.graph.recorded_task import record_id
from nightbook.pipeline.parameters.run_parameters import process_run_id
from nightbook.pipeline.tasks.external_data import is_external
from nightbook.pipeline.tasks.incomplete import why_incomplete
from nightbook.record.format.layout import RunFolder, TaskFolder
from nightbook.settings import settings


def remember_done(task: luigi.Task) -> None:
    """Let a task be complete for its run that has no other sign of it, once its success is recorded."""
    if _has_no_sign(task):
        record_folder(task).output.mkdir(parents=True, exist_ok=True)


def record_folder(task: luigi.Task) -> TaskFolder:
    """Return the task's folder in the record of its run."""
    return RunFolder(settings().runs / getattr(task, "run_id", process_run_id())).task(record_id(task))


def unfinished(task: luigi.Task) -> str:
    """Return why the task is not complete although it has run, or an empty string."""
    if _has_no_sign(task):
        return ""
    with taken_as_complete(record_folder(task)):  # a run() of its own may have made the folder in the record
        return why_incomplete(task)


def _has_no_sign(task: luigi.Task) -> bool:
    own = type(task).complete is not _complete
    return not own and not is_external(task) and not flatten(task.output())


def _complete(task: Any) -> bool:
    """Tell if the task is complete: all its outputs exist, or it has none and is done in this run."""
    outputs = flatten(task.output())
    if not outputs:
        return not is_external(task) and is_published(record_folder(task))
    return all(output.exists() for output in outputs)


# Against the rule of this project that importing does nothing, as in `run_task`. Luigi asks classes that know
# nothing of Nightbook. A class with a `complete()` of its own keeps it.
luigi.Task.complete = _complete  # type: ignore[method-assign]
