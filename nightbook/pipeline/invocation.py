"""One invocation of a pipeline: locked, recorded from start to end, and reported however it ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nightbook.pipeline.graph import declare_tasks, find_tasks
from nightbook.pipeline.run_task import RunTask
from nightbook.provenance.environment import find_provenance
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.record.format.schema import RunRequest
from nightbook.record.read.reader import read_run
from nightbook.record.write.invocation_recorder import record_invocation
from nightbook.record.write.run_lock import run_lock
from nightbook.reporting.reports import write_reports
from nightbook.settings import settings


@contextmanager
def invocation(root: RunTask) -> Iterator[RunFolder]:
    """Record one more invocation of the root's run, and yield the run's folder.

    At the end the run is a success if the root is complete, a failure if it is not, and interrupted if an
    exception ended the context. The reports are written in each case.
    """
    folder = run_folder(root)
    tasks = declare_tasks(find_tasks(root))
    request = RunRequest(
        pipeline=root.task_name,
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
    """Return the folder of the run that the root belongs to."""
    return RunFolder(settings().runs / root.run_id)
