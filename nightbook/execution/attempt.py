"""One attempt at a task: alone, numbered, recorded, and published only if it succeeded.

It executes any body (`nightbook.execution.body`); it does not know that one is a notebook.
"""

import fcntl
import math
import os
import signal
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from nightbook.execution.body import Body, BodyResult, Execution, PreparedBody
from nightbook.execution.progress_watch import watched_progress
from nightbook.execution.publication import is_published, publish, put_aside, taken_as_complete, withdraw
from nightbook.record.format.errors import NightbookError, RecordError
from nightbook.record.format.layout import AttemptFolder, TaskFolder
from nightbook.record.format.model import Cell, Error, Outcome
from nightbook.record.format.reported_progress import ReportedProgress
from nightbook.record.write.attempt_context import ActiveAttempt, to_environment
from nightbook.record.write.attempt_recorder import AttemptRecorder, record_attempt

_GRACE_PERIOD_S = 60
_LONGEST_ALARM_S = 2**31 - 1  # 68 years


class AttemptFailedError(NightbookError):
    """An attempt that did not succeed; the record has the details."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a task asks of each of its attempts: to execute a body within bounds. Picklable if the body is.

    ``timeout_s`` is infinite for an attempt without a deadline.
    """

    folder: TaskFolder
    body: Body
    timeout_s: float
    num_cpus: int
    code: Mapping[str, str] | None = None  # the own files that make the result, with their digests
    unfinished: Callable[[], str] | None = None  # says why it is not complete after all, or nothing


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt is; ``next_cell`` is the text of the cell that is executed now.

    A body without cells has a ``cell_count`` of 0. ``reported`` is what the body has said in this cell, or at
    all if it has none.
    """

    folder: AttemptFolder
    cells_done: int
    cell_count: int
    next_cell: str
    reported: ReportedProgress | None = None

    @property
    def percentage(self) -> int:
        """The part of the cells that is done; within a cell, as much of it as the body says."""
        fraction = self.reported.fraction if self.reported else 0.0
        return int(100 * (self.cells_done + fraction) / max(self.cell_count, 1))


OnProgress: TypeAlias = Callable[[Progress], None]


def make_attempt(job: Job, on_progress: OnProgress) -> None:
    """Execute the body once and publish its output folder.

    Does nothing if the task is complete: a worker that was presumed dead may have completed it. Raises
    AttemptFailedError, after everything has been recorded, if the attempt did not succeed. The attempt begins
    with its first span, before it has a folder: so there is none that the record does not know.
    """
    if not job.folder.run.invocations():
        raise RecordError(
            f"run {job.folder.run.run_id} has not been declared, so {job.folder.task_id} cannot be recorded: "
            "run the pipeline's class, or a task that requires others"
        )
    with _task_lock(job.folder):
        if is_published(job.folder):
            return
        job.body.wait_until_ready()
        folder = job.folder.next_attempt()
        result = _recorded_attempt(job, folder, on_progress)
        if result.error is not None:
            raise AttemptFailedError(
                f"attempt {folder.number} of {job.folder.task_id} ended in {result.outcome}: "
                f"{result.error.last_line}"
            )


def describe_exception(exception: BaseException) -> Error:
    """Return the exception as the record has it, with its traceback as text."""
    return Error(type(exception).__name__, str(exception), "".join(traceback.format_exception(exception)))


def _recorded_attempt(job: Job, folder: AttemptFolder, on_progress: OnProgress) -> BodyResult:
    """Execute the body and publish its output; however it ends, the record says so."""
    try:
        prepared = job.body.prepare(folder)
    except Exception as error:
        with record_attempt(folder, cell_count=0, code=job.code) as recorder:
            recorder.finish(Outcome.FAILURE, describe_exception(error))
        raise
    with record_attempt(folder, cell_count=len(prepared.cells), code=job.code) as recorder:
        try:
            folder.output.mkdir(parents=True)
            put_aside(folder)
            result = _execute(job, folder, prepared, recorder, on_progress)
            if result.error is None:
                publish(folder)
                result = _checked(job, folder, result)
        except BaseException as error:
            interrupted = isinstance(error, KeyboardInterrupt)
            outcome = Outcome.INTERRUPTED if interrupted else Outcome.FAILURE
            recorder.finish(outcome, describe_exception(error))
            raise
        recorder.finish(result.outcome, result.error, ended_by=result.ended_by)
    return result


def _checked(job: Job, folder: AttemptFolder, success: BodyResult) -> BodyResult:
    """Return a failure, and withdraw the output, if the task is not complete after its success."""
    with taken_as_complete(job.folder):
        reason = job.unfinished() if job.unfinished else ""
    if not reason:
        return success
    withdraw(folder)
    return BodyResult(Outcome.FAILURE, Error("IncompleteTask", reason, ""))


def _execute(
    job: Job,
    folder: AttemptFolder,
    prepared: PreparedBody,
    recorder: AttemptRecorder,
    on_progress: OnProgress,
) -> BodyResult:
    cells = prepared.cells
    lock = threading.Lock()  # cells and what the body reports come from two threads
    current = _progress(folder, cells, 0)

    def on_cell(cell: Cell) -> None:
        nonlocal current
        recorder.cell(cell.index, start_ns=cell.start_ns, end_ns=cell.end_ns, failed=cell.failed)
        with lock:
            file.skip()  # it was about the cell that has ended
            current = _progress(folder, cells, cell.index)
            on_progress(current)

    def on_report(reported: ReportedProgress) -> None:
        nonlocal current
        with lock:
            current = replace(current, reported=reported)
            on_progress(current)

    on_progress(current)
    execution = Execution(
        folder=folder,
        environment=to_environment(ActiveAttempt(folder, recorder.context)),
        timeout_s=job.timeout_s,
        num_cpus=job.num_cpus,
        on_cell=on_cell,
    )
    with _alarm(job.timeout_s), watched_progress(folder, on_report) as file:
        return prepared.execute(execution)


def _progress(folder: AttemptFolder, cells: Sequence[str], done: int) -> Progress:
    return Progress(folder, done, len(cells), cells[done] if done < len(cells) else "")


@contextmanager
def _task_lock(folder: TaskFolder) -> Iterator[None]:
    """Wait until no other process works on the task; the lock of a killed process is released."""
    folder.path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _alarm(timeout_s: float) -> Iterator[None]:
    """Let the system kill this process if the body does not stop at its deadline."""
    signal.alarm(0 if math.isinf(timeout_s) else min(int(timeout_s) + _GRACE_PERIOD_S, _LONGEST_ALARM_S))
    try:
        yield
    finally:
        signal.alarm(0)
