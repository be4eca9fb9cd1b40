"""One attempt at a task: alone, numbered, recorded, and published only if it succeeded."""

import fcntl
import os
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from nbformat import NotebookNode

from nightbook.execution.notebook.kernels import KernelError, find_kernel, kernel_environment
from nightbook.execution.notebook.runner import NotebookResult, code_cells, kernel_name, run_notebook
from nightbook.execution.notebook.source import NotebookSourceError, Paths, prepare_notebook
from nightbook.execution.warm_kernels.client import wait_until_warm
from nightbook.record.format.errors import NightbookError, RecordError
from nightbook.record.format.layout import AttemptFolder, TaskFolder
from nightbook.record.format.model import Cell, Error, Outcome
from nightbook.record.write.attempt_context import ActiveAttempt, to_environment
from nightbook.record.write.attempt_recorder import AttemptRecorder, record_attempt

_BACKSTOP_S = 60


class AttemptFailedError(NightbookError):
    """An attempt that did not succeed; what happened is in the record."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a task wants done: which notebook, with what, within which bounds."""

    folder: TaskFolder
    source: Path
    parameters: Mapping[str, object]
    inputs: "Paths | None"
    timeout_s: float
    num_cpus: int
    max_output_bytes: int
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an attempt has come; ``next_cell`` is the text of the cell that is executed now."""

    folder: AttemptFolder
    cells_done: int
    cell_count: int
    next_cell: str


OnProgress: TypeAlias = Callable[[Progress], None]


def check_job(job: Job) -> None:
    """NotebookSourceError unless the notebook can be read, takes the parameters, and has a kernel."""
    notebook = _prepare(job, job.folder.attempt(1))
    try:
        find_kernel(kernel_name(notebook))
    except KernelError as error:
        raise NotebookSourceError(f"{job.source} cannot be run: {error}") from error


def make_attempt(job: Job, on_progress: OnProgress) -> None:
    """Run the notebook once and publish its output folder.

    Does nothing if the task is complete: another worker may have been presumed dead and have ended
    it all the same. AttemptFailedError, when everything has been recorded, if the notebook did not
    succeed.
    """
    if not job.folder.run.invocations():
        raise RecordError(
            f"run {job.folder.run.run_id} has not been declared, so {job.folder.task_id} cannot be recorded: "
            "run the pipeline's class, or a task that requires others"
        )
    with _alone(job.folder):
        if job.folder.output.exists():
            return
        wait_until_warm(str(job.source))
        folder = _claim_attempt(job.folder)
        result = _recorded_attempt(job, folder, on_progress)
        if result.error is not None:
            raise AttemptFailedError(
                f"attempt {folder.number} of {job.folder.task_id} ended in {result.outcome}: "
                f"{result.error.last_line}"
            )


def _recorded_attempt(job: Job, folder: AttemptFolder, on_progress: OnProgress) -> NotebookResult:
    try:
        notebook = _prepare(job, folder)
    except NotebookSourceError as error:
        with record_attempt(folder, cell_count=0) as recorder:
            recorder.finish(Outcome.FAILURE, _own_error(error))
        raise
    with record_attempt(folder, cell_count=len(code_cells(notebook))) as recorder:
        try:
            result = _run(job, folder, notebook, recorder, on_progress)
            if result.error is None:
                folder.output.replace(job.folder.output)
        except (NightbookError, OSError) as error:
            recorder.finish(Outcome.FAILURE, _own_error(error))
            raise
        recorder.finish(result.outcome, result.error)
    return result


def _prepare(job: Job, folder: AttemptFolder) -> NotebookNode:
    paths: dict[str, Paths] = {"output_dir": folder.output}
    if job.inputs is not None:
        paths["inputs"] = job.inputs
    return prepare_notebook(job.source, job.parameters, paths)


def _run(
    job: Job,
    folder: AttemptFolder,
    notebook: NotebookNode,
    recorder: AttemptRecorder,
    on_progress: OnProgress,
) -> NotebookResult:
    texts = [*(notebook.cells[position].source for position in code_cells(notebook)), ""]

    def on_cell(cell: Cell) -> None:
        recorder.cell(cell.index, start_ns=cell.start_ns, end_ns=cell.end_ns, failed=cell.failed)
        on_progress(Progress(folder, cell.index, len(texts) - 1, texts[cell.index]))

    on_progress(Progress(folder, 0, len(texts) - 1, texts[0]))
    environment = {**job.environment, **to_environment(ActiveAttempt(folder, recorder.context))}
    with _backstop(job.timeout_s):
        return run_notebook(
            notebook,
            folder=folder,
            cwd=job.source.parent,
            environment=kernel_environment(environment, job.num_cpus),
            timeout_s=job.timeout_s,
            max_output_bytes=job.max_output_bytes,
            on_cell=on_cell,
        )


def _own_error(error: Exception) -> Error:
    return Error(type(error).__name__, str(error), "".join(traceback.format_exception(error)))


@contextmanager
def _alone(folder: TaskFolder) -> Iterator[None]:
    """Wait until no other process works on the task; a lock of a killed process is gone with it."""
    folder.path.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder.path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _backstop(timeout_s: float) -> Iterator[None]:
    """Let the system kill this process if it does not even notice that the deadline is over."""
    signal.alarm(int(timeout_s) + _BACKSTOP_S)
    try:
        yield
    finally:
        signal.alarm(0)


def _claim_attempt(task: TaskFolder) -> AttemptFolder:
    """The folder of the next attempt, made with the folder for its output."""
    number = 1
    while (folder := task.attempt(number)).path.exists():
        number += 1
    folder.output.mkdir(parents=True)
    return folder
