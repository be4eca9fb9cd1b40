"""The record of what Luigi itself runs: from the beginning of an attempt to Luigi's result."""

import os
from collections.abc import Iterator
from pathlib import Path

import luigi
import pytest
from luigi.task_status import DONE, FAILED, PENDING

from nightbook.pipeline.recording.task_record import (
    TaskRecord,
    find_task_record,
    leave_out,
    record_complete,
    record_missing,
)
from nightbook.record.format.layout import RunFolder, TaskFolder
from nightbook.record.format.model import Attempt, Outcome
from nightbook.record.read.reader import read_run
from nightbook.record.write.attempt_context import active_attempt
from nightbook.settings import settings
from tests.support.recording import RUN_ID, declared, recorded_invocation


@pytest.fixture
def task(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TaskFolder]:
    """A task of a run that goes on, in a project's folder; an attempt changes this process's environment."""
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    before = dict(os.environ)
    run = RunFolder(tmp_path / "runs" / RUN_ID)
    with recorded_invocation(run, [declared("work")], outcome=None):
        yield run.task("work")
    os.environ.clear()
    os.environ.update(before)
    active_attempt.cache_clear()
    settings.cache_clear()


def attempts(task: TaskFolder) -> tuple[Attempt, ...]:
    return read_run(task.run.path).task("work").attempts


def make(task: TaskFolder, status: str, error: BaseException | None = None) -> None:
    record = TaskRecord(task, "class Work: ...\n", {})
    record.begin()
    record.error = error
    record.end(status, "why")


def test_a_result_of_luigis_is_a_success_with_the_source(task: TaskFolder) -> None:
    make(task, DONE)

    assert [attempt.outcome for attempt in attempts(task)] == [Outcome.SUCCESS]
    assert task.attempt(1).source.read_text() == "class Work: ...\n"


class Raises:
    def __iter__(self) -> Iterator[int]:
        raise KeyError("missing")


def test_an_exception_is_a_failure_with_the_frames_of_the_task_alone(task: TaskFolder) -> None:
    with pytest.raises(KeyError) as caught:
        luigi.task.flatten(Raises())
    trace = caught.value.__traceback__
    assert trace is not None
    make(task, FAILED, caught.value.with_traceback(trace.tb_next))  # as in a worker: Luigi's frame is first

    [attempt] = attempts(task)
    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error is not None
    assert attempt.error.last_line == "KeyError: 'missing'"
    assert "in __iter__" in attempt.error.traceback
    assert "in flatten" not in attempt.error.traceback


def test_a_failure_without_an_exception_has_luigis_explanation(task: TaskFolder) -> None:
    make(task, FAILED)

    [attempt] = attempts(task)
    assert attempt.error is not None
    assert attempt.error.last_line == "TaskFailed: why"


def test_an_attempt_without_a_result_was_interrupted(task: TaskFolder) -> None:
    make(task, "")

    assert [attempt.outcome for attempt in attempts(task)] == [Outcome.INTERRUPTED]


def test_an_attempt_that_waits_for_what_it_yielded_goes_on_as_the_same(task: TaskFolder) -> None:
    make(task, PENDING)
    make(task, PENDING)
    make(task, DONE)

    assert [attempt.outcome for attempt in attempts(task)] == [Outcome.SUCCESS]
    assert not list(task.attempt(1).path.glob("paused*"))


def test_what_was_complete_and_what_is_missing_are_attempts_too(task: TaskFolder) -> None:
    record_missing(task, "there is no data.csv")
    record_complete(task)

    assert [attempt.outcome for attempt in attempts(task)] == [Outcome.FAILURE, Outcome.SUCCESS]
    assert "complete before the run" in task.attempt(2).output_log.read_text()


def test_only_tasks_of_a_recorded_run_are_recorded(task: TaskFolder) -> None:
    class OfThisRun(luigi.Task):
        task_namespace = "recorded"
        run_id = RUN_ID

    class OfNoRun(luigi.Task):
        task_namespace = "recorded"
        run_id = "20200101T000000Z-000000"

    assert task.run.path.is_dir()
    assert find_task_record(OfThisRun()) is not None
    assert find_task_record(OfNoRun()) is None
    leave_out(OfThisRun())
    assert find_task_record(OfThisRun()) is None
