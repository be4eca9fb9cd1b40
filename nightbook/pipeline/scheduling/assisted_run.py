"""The run to which a task belongs that a scheduler has handed to another worker than the run's own.

A task of Luigi's own has no run id. The worker of each run has the id in its name, so that the scheduler can
say which runs have asked for the task, or for what needs it. One that goes on is meant: it is locked.
"""

import os
import re
import socket
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import luigi

from nightbook.clock import restart_process_clock
from nightbook.pipeline.graph.extended_run import ExtendedRun
from nightbook.pipeline.parameters.run_parameters import process_run_id, use_run_id
from nightbook.pipeline.recording.requirements import declare_requirements, record_external
from nightbook.pipeline.recording.task_record import leave_out
from nightbook.record.format.identity import RUN_ID
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.reader import read_run
from nightbook.record.write.invocation_recorder import record_assistance
from nightbook.record.write.run_lock import is_running
from nightbook.settings import settings

RUN = "run"  # the part of a worker's name
_NAMED = re.compile(rf"\b{RUN}=([\w-]+)")
_assisted: dict[str, str] = {}  # the run of each task that this process has taken


def prepare_assistance(scheduler: Any, task: luigi.Task) -> None:
    """Let this process, which may be weeks old, work for the run that needs the task."""
    restart_process_clock()
    needing = _needing(scheduler, task.task_id)
    run_id = getattr(task, "run_id", "") or _asking_run(needing)
    if run_id:
        _assisted[task.task_id] = run_id
        use_run_id(run_id)
    others = {one["name"] for name, one in needing.items() if name != task.task_id}
    if others <= {ExtendedRun.task_family} and isinstance(task, luigi.WrapperTask):
        leave_out(task)


def find_run(scheduler: Any, task_id: str) -> str:
    """Return the id of the run that needs the task, or an empty string if none does."""
    return _asking_run(_needing(scheduler, task_id))


def declare_for_run(task: luigi.Task, required: Sequence[luigi.Task]) -> None:
    """Declare, in the record of the task's run, what the task has asked for while it ran."""
    folder = RunFolder(settings().runs / _assisted.get(task.task_id, process_run_id()))
    if not folder.invocations():
        return
    run = read_run(folder.path)
    declared = {known.task_id: known for known in run.tasks}
    worker = f"{socket.gethostname()}-{os.getpid()}"
    with record_assistance(folder, run.pipeline, worker) as recorder:
        recorder.declare_tasks(declare_requirements(task, required, declared))
    record_external(folder, required)


def _needing(scheduler: Any, task_id: str) -> Mapping[str, Any]:
    """Return what luigid knows of the task and of all that need it."""
    needing: Mapping[str, Any] = scheduler.inverse_dep_graph(task_id)
    return needing


def _asking_run(needing: Mapping[str, Any]) -> str:
    """Return the id of a run that goes on, else of the newest, of those that have asked for the task."""
    run_ids = dict.fromkeys([*_named_by_workers(needing), *_named_by_tasks(needing)])
    going_on = (run_id for run_id in run_ids if _is_going_on(run_id))
    return next(going_on, max(run_ids, default=""))  # ids begin with their time


def _named_by_workers(needing: Mapping[str, Any]) -> Iterator[str]:
    workers = (worker for one in needing.values() for worker in one.get("workers", ()))
    return (found[1] for worker in workers if (found := _NAMED.search(worker)))


def _named_by_tasks(needing: Mapping[str, Any]) -> list[str]:
    """Return the run ids of the tasks: a lone task of Luigi's own has none."""
    run_ids = (one.get("params", {}).get("run_id") for one in needing.values())
    return sorted((run_id for run_id in run_ids if run_id and RUN_ID.fullmatch(run_id)), reverse=True)


def _is_going_on(run_id: str) -> bool:
    folder = RunFolder(settings().runs / run_id)
    return folder.path.is_dir() and is_running(folder)
