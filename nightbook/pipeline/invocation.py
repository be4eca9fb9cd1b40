"""One invocation of a pipeline: locked, recorded from start to end, and reported whatever became of it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tasks.dag import declare_tasks, find_tasks
from tasks.notebook_task import RunTask, kebab_case
from tasks.provenance import find_provenance
from tasks.reports import write_reports
from tasks.runlog.layout import RunFolder
from tasks.runlog.model import Outcome
from tasks.runlog.reader import read_run
from tasks.runlog.recorder import RunRequest, record_invocation
from tasks.runlog.run_lock import run_lock
from tasks.settings import settings


@contextmanager
def invocation(root: RunTask) -> Iterator[RunFolder]:
    """The folder of the root's run, in which one more invocation is recorded.

    When the context is left, the run is a success if the root is complete, a failure if not, and
    interrupted if an exception ended it; the reports are written in each case.
    """
    folder = run_folder(root)
    tasks = declare_tasks(find_tasks(root))
    request = RunRequest(
        pipeline=kebab_case(type(root).__name__),
        entry_point=f"{type(root).__module__}:{type(root).__name__}",
        notebooks=os.path.relpath(settings().notebooks),
        parameters=root.to_str_params(),
    )
    provenance = find_provenance(Path.cwd(), os.environ)
    with run_lock(folder), record_invocation(folder, request, provenance) as recorder:
        recorder.declare(tasks)
        outcome = Outcome.INTERRUPTED
        try:
            yield folder
            outcome = Outcome.SUCCESS if root.complete() else Outcome.FAILURE
        finally:
            recorder.finish(read_run(folder.path).tasks, outcome)
            write_reports(folder, read_run(folder.path), settings().metrics)


def run_folder(root: RunTask) -> RunFolder:
    """The folder of the run that the root belongs to."""
    return RunFolder(settings().runs / root.run_id)
