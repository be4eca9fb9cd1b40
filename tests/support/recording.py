"""Records made by the real recorder and logger, without a kernel."""

import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from opentelemetry.trace import SpanContext

import nightbook
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Attempt, Error, Outcome, Provenance, Run, Task
from nightbook.record.format.schema import RunRequest
from nightbook.record.read.reader import read_run
from nightbook.record.write.attempt_context import ActiveAttempt, active_attempt, to_environment
from nightbook.record.write.attempt_recorder import AttemptRecorder, record_attempt
from nightbook.record.write.invocation_recorder import InvocationRecorder
from nightbook.record.write.invocation_recorder import record_invocation as _record_invocation

RUN_ID = "20261123T031700Z-7f3a2c"
REQUEST = RunRequest("nightly", "pipe:Nightly", "notebooks", {"size": "600"})
PROVENANCE = Provenance(
    trigger="schedule",
    actor="octocat",
    repository_url="https://github.com/octo/nightly",
    revision="0123456789abcdef0123456789abcdef01234567",
    branch="main",
    pull_request="7",
    dirty=True,
    ci_run_url="https://github.com/octo/nightly/actions/runs/1",
    python_version="3.11.7",
    os_type="linux",
    cpu_count=2,
    lock_sha256="ab" * 32,
    packages=("luigi==3.8.1", "numpy==2.4.6"),
)


def declared(task_id: str, *depends_on: str) -> Task:
    """Return a task as the pipeline declares it."""
    name, _, parameters = task_id.partition("/")
    return Task(
        task_id=task_id,
        name=name,
        parameters=dict([parameters.split("=")]) if parameters else {},
        notebook=f"{name}.py",
        retry_count=2,
        timeout_s=600,
        num_cpus=1,
        depends_on=depends_on,
    )


MAKE, USE = "make/size=600", "use"
TASKS = [declared(MAKE), declared(USE, MAKE)]
ERROR = Error("KeyError", "'label'\nis missing", "Traceback ...\nKeyError: 'label'")


@contextmanager
def recorded_invocation(
    folder: RunFolder,
    tasks: Sequence[Task],
    outcome: Outcome | None = Outcome.SUCCESS,
    provenance: Provenance = PROVENANCE,
    request: RunRequest = REQUEST,
) -> Iterator[InvocationRecorder]:
    """Record an invocation of the tasks; without an outcome, it is killed before its end is written."""
    with _record_invocation(folder, request, provenance) as recorder:
        recorder.declare(tasks)
        yield recorder
        if outcome is not None:
            recorder.finish(read_run(folder.path).tasks, outcome)


@contextmanager
def recorded_attempt(folder: AttemptFolder, *, cell_count: int = 1) -> Iterator[AttemptRecorder]:
    """Record an attempt that this process is part of while the context is open."""
    with record_attempt(folder, cell_count=cell_count) as recorder, pytest.MonkeyPatch.context() as patch:
        for name, text in to_environment(ActiveAttempt(folder, recorder.context)).items():
            patch.setenv(name, text)
        active_attempt.cache_clear()
        try:
            yield recorder
        finally:
            active_attempt.cache_clear()


def execute_attempt(
    attempt: AttemptFolder,
    outcome: Outcome = Outcome.SUCCESS,
    error: Error | None = None,
    log: Callable[[], None] = lambda: None,
    *,
    cell_count: int = 1,
    ended_by: str = "",
) -> SpanContext:
    """Record an attempt that executes its first cell, calls ``log`` and ends; return its context."""
    with recorded_attempt(attempt, cell_count=cell_count) as recorder:
        log()
        recorder.cell(1, start_ns=10, end_ns=20, failed=error is not None)
        recorder.finish(outcome, error, ended_by=ended_by)
    return recorder.context


def run_attempt(
    folder: RunFolder,
    task_id: str,
    number: int = 1,
    outcome: Outcome = Outcome.SUCCESS,
    error: Error | None = None,
    log: Callable[[], None] = lambda: None,
    *,
    ended_by: str = "",
) -> SpanContext:
    """Record an attempt that logs its number, a file, and what ``log`` does; return its context."""

    def log_all() -> None:
        nightbook.log_metric("number", number)
        nightbook.log_text(f"attempt {number}", "note.txt")
        log()

    return execute_attempt(folder.task(task_id).attempt(number), outcome, error, log_all, ended_by=ended_by)


def record_night(
    folder: RunFolder, value: float, branch: str = "main", metric: str = "accuracy"
) -> RunFolder:
    """Record a whole run of both tasks, the second of which logs the metric; return its folder."""
    provenance = replace(PROVENANCE, branch=branch, pull_request="", dirty=False)
    with recorded_invocation(folder, TASKS, provenance=provenance):
        run_attempt(folder, MAKE)
        run_attempt(folder, USE, log=lambda: nightbook.log_metric(metric, value))
    return folder


def logged_by(source: str, folder: RunFolder) -> Attempt:
    """Return the only attempt of a run, after a process of its own has run the source as part of it."""
    with recorded_invocation(folder, [declared("work")]):
        attempt = folder.task("work").attempt(1)
        with record_attempt(attempt, cell_count=1) as recorder:
            environment = to_environment(ActiveAttempt(attempt, recorder.context))
            done = python(source, folder.path, environment)
            assert done.returncode == 0, done.stderr
            recorder.finish(Outcome.SUCCESS)
    run = read_run(folder.path)
    assert run.problems == ()
    return run.task("work").attempts[0]


def outcomes(run: Run) -> dict[str, list[Outcome]]:
    """Return the outcomes of each task's attempts."""
    return {task.task_id: [attempt.outcome for attempt in task.attempts] for task in run.tasks}


def python(source: str, cwd: Path, environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the source in a Python process of its own; return the ended process."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(source)],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
