import dataclasses
import hashlib
import math
from itertools import count
from pathlib import Path, PurePosixPath

import pytest

import nightbook
from nightbook.clock import Clock
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import trace_id_of
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Artifact, ArtifactType, Outcome, ValueType
from nightbook.record.read.reader import find_runs, next_run_id, read_run
from tests.support.project import REPOSITORY
from tests.support.recording import (
    ERROR,
    MAKE,
    PROVENANCE,
    RUN_ID,
    TASKS,
    USE,
    declared,
    outcomes,
    python,
    recorded_invocation,
    run_attempt,
)


def end_was_never_written(file: Path) -> None:
    """Remove the last line: the writer was killed before it."""
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:-1]))


@pytest.fixture
def clock_runs_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each time that is recorded be a second before the last, as older versions may have recorded it."""
    times = count(10**18, -(10**9))
    monkeypatch.setattr(Clock, "now_ns", lambda _: next(times))


@pytest.mark.usefixtures("clock_runs_back")
def test_the_last_value_and_invocation_count_whatever_the_clock_says(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE, outcome=Outcome.FAILURE, error=ERROR)

    def log() -> None:
        nightbook.log_metric("accuracy", 0.1)
        nightbook.log_metric("accuracy", 0.9)

    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE, 2, log=log)
        run_attempt(folder, USE)

    run = read_run(folder.path)
    assert (run.outcome, run.invocations, run.problems) == (Outcome.SUCCESS, 2, ())
    assert run.task(MAKE).metrics["accuracy"] == 0.9
    assert [attempt.invocation for attempt in run.task(MAKE).attempts] == [1, 2]
    assert all(attempt.start_ns <= attempt.end_ns for task in run.tasks for attempt in task.attempts)


def test_runs_that_begin_at_once_are_in_order(tmp_path: Path) -> None:
    for _ in range(5):
        run_id = next_run_id(tmp_path)
        (tmp_path / run_id).mkdir()
        assert find_runs(tmp_path)[-1].name == run_id


def test_a_successful_run_is_read_whole(folder: RunFolder) -> None:
    def log() -> None:
        nightbook.log_param("solver", "lbfgs")
        nightbook.log_metric("loss", math.inf, step=1)
        nightbook.log_value("labels", {"a": [None, True]})

    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE, log=log)
        run_attempt(folder, USE)

    run = read_run(folder.path)

    assert run.problems == ()
    assert (run.run_id, run.trace_id, run.schema_version) == (RUN_ID, f"{trace_id_of(RUN_ID):032x}", 1)
    assert (run.pipeline, run.entry_point, run.notebooks) == ("nightly", "pipe:Nightly", "notebooks")
    assert (run.parameters, run.provenance, run.invocations) == ({"size": "600"}, PROVENANCE, 1)
    assert run.outcome is Outcome.SUCCESS
    assert [dataclasses.replace(task, attempts=()) for task in run.tasks] == TASKS
    [made], [used] = (task.attempts for task in run.tasks)
    assert (made.number, made.outcome, made.cell_count, made.error) == (1, Outcome.SUCCESS, 1, None)
    assert run.start_ns <= made.start_ns < made.end_ns < used.start_ns < used.end_ns < run.end_ns
    assert [(value.name, value.type, value.value, value.step) for value in made.values] == [
        ("number", ValueType.METRIC, 1, None),
        ("solver", ValueType.PARAM, "lbfgs", None),
        ("loss", ValueType.METRIC, math.inf, 1),
        ("labels", ValueType.VALUE, {"a": [None, True]}, None),
    ]
    assert all(made.start_ns < value.time_ns < made.end_ns for value in made.values)
    assert made.artifacts == (
        Artifact(
            name="note.txt",
            type=ArtifactType.TEXT,
            media_type="text/plain",
            size_bytes=9,
            sha256=hashlib.sha256(b"attempt 1").hexdigest(),
            path=PurePosixPath("tasks/make/size=600/attempt-01/artifacts/note.txt"),
            metadata={},
        ),
    )
    assert (folder.path / made.artifacts[0].path).read_text() == "attempt 1"
    assert [(cell.index, cell.start_ns, cell.end_ns, cell.failed) for cell in made.cells] == [
        (1, 10, 20, False)
    ]


@pytest.mark.promise("A failed attempt stays in the record beside the one that succeeds.")
def test_a_failed_attempt_is_kept_beside_the_one_that_succeeded(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR)
        run_attempt(folder, MAKE, 2)
        run_attempt(folder, USE)

    run = read_run(folder.path)

    assert run.outcome is Outcome.SUCCESS
    assert outcomes(run) == {MAKE: [Outcome.FAILURE, Outcome.SUCCESS], USE: [Outcome.SUCCESS]}
    failed, succeeded = run.task(MAKE).attempts
    assert (failed.error, failed.metrics, failed.cells[0].failed) == (ERROR, {"number": 1}, True)
    assert (succeeded.error, succeeded.metrics, succeeded.cells[0].failed) == (None, {"number": 2}, False)
    assert run.task(MAKE).metrics == {"number": 2}


def test_a_task_that_was_not_reached_is_not_run(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE, 1, Outcome.TIMEOUT, ERROR)

    run = read_run(folder.path)

    assert run.outcome is Outcome.FAILURE
    assert (run.task(MAKE).outcome, run.task(USE).outcome) == (Outcome.TIMEOUT, Outcome.NOT_RUN)


@pytest.mark.promise("What was logged before a process was killed is in the record.")
def test_a_killed_attempt_is_interrupted_and_keeps_what_it_logged(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, None):
        done = python(
            f"""
            import os, signal
            from pathlib import Path
            from tests.support.recording import recorded_attempt
            import nightbook
            from nightbook.record.format.layout import RunFolder

            with recorded_attempt(RunFolder(Path({str(folder.path)!r})).task({MAKE!r}).attempt(1)):
                nightbook.log_metric("loss", 0.5)
                nightbook.log_text("so far", "note.txt")
                os.kill(os.getpid(), signal.SIGKILL)
            """,
            folder.path,
            {"PYTHONPATH": str(REPOSITORY)},
        )
    assert done.returncode == -9, done.stderr

    run = read_run(folder.path)

    [killed] = run.task(MAKE).attempts
    assert (run.outcome, killed.outcome) == (Outcome.INTERRUPTED, Outcome.INTERRUPTED)
    assert (killed.metrics, [artifact.name for artifact in killed.artifacts]) == ({"loss": 0.5}, ["note.txt"])
    assert killed.start_ns < killed.values[0].time_ns < killed.end_ns == run.end_ns
    assert run.problems == ()


def test_an_attempt_that_was_interrupted_with_its_run_has_lasted_until_then(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, Outcome.INTERRUPTED):
        process = f"""
            import os
            from pathlib import Path
            from tests.support.recording import recorded_attempt
            from nightbook.record.format.layout import RunFolder

            with recorded_attempt(RunFolder(Path({str(folder.path)!r})).task({MAKE!r}).attempt(1)):
                os._exit(1)
        """
        python(process, folder.path, {"PYTHONPATH": str(REPOSITORY)})

    run = read_run(folder.path)

    [attempt] = run.task(MAKE).attempts
    assert attempt.outcome is Outcome.INTERRUPTED
    assert attempt.start_ns < attempt.end_ns == run.end_ns


def test_a_run_whose_end_was_never_written_is_interrupted(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, None):
        run_attempt(folder, MAKE)

    assert read_run(folder.path).outcome is Outcome.INTERRUPTED


def test_a_run_that_was_killed_after_its_last_task_is_a_success(recorded: RunFolder) -> None:
    end_was_never_written(recorded.invocation_spans(1))

    assert read_run(recorded.path).outcome is Outcome.SUCCESS


@pytest.mark.parametrize("outcome", [Outcome.SUCCESS, Outcome.FAILURE])
def test_a_resumed_run_ends_as_its_last_invocation_does(folder: RunFolder, outcome: Outcome) -> None:
    with recorded_invocation(folder, TASKS, None):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR)
    with recorded_invocation(folder, TASKS, outcome):
        run_attempt(folder, MAKE, 2)
        run_attempt(folder, USE, 1, outcome)

    run = read_run(folder.path)

    assert (run.outcome, run.invocations) == (outcome, 2)
    assert outcomes(run) == {MAKE: [Outcome.FAILURE, Outcome.SUCCESS], USE: [outcome]}
    assert run.task(USE).depends_on == (MAKE,)
    assert run.start_ns < run.task(MAKE).attempts[0].start_ns


def test_a_resumed_run_that_is_killed_again_is_interrupted(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE, 1, Outcome.FAILURE, ERROR)
    with recorded_invocation(folder, TASKS, None):
        run_attempt(folder, MAKE, 2)

    assert read_run(folder.path).outcome is Outcome.INTERRUPTED


def test_dependencies_come_back_after_an_invocation_that_was_killed_at_once(folder: RunFolder) -> None:
    folder.spans.mkdir(parents=True)
    folder.invocation_spans(1).touch()
    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE)
        run_attempt(folder, USE)

    run = read_run(folder.path)

    assert (run.task(USE).depends_on, run.invocations, run.outcome) == ((MAKE,), 1, Outcome.SUCCESS)


def test_a_task_whose_name_begins_with_run_is_no_invocation(folder: RunFolder) -> None:
    tasks = [declared("run-first"), declared("run-second", "run-first")]
    with recorded_invocation(folder, tasks, None):
        run_attempt(folder, "run-first")
    with recorded_invocation(folder, tasks):
        run_attempt(folder, "run-second")

    run = read_run(folder.path)

    assert folder.invocation_spans(2).is_file()
    assert (run.task("run-second").depends_on, run.invocations) == (("run-first",), 2)


def test_a_folder_without_spans_is_no_record(tmp_path: Path) -> None:
    (tmp_path / "spans").mkdir()

    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(RecordError, match=f"{folder} holds no run record"):
            read_run(folder)


def test_a_record_that_does_not_say_what_was_run_is_refused(recorded: RunFolder) -> None:
    recorded.invocation_spans(1).unlink()

    with pytest.raises(
        RecordError, match=f"run {RUN_ID} does not say what was run: it has no run_start span"
    ):
        read_run(recorded.path)


def test_a_record_is_read_from_a_folder_of_another_name(recorded: RunFolder, tmp_path: Path) -> None:
    whole = read_run(recorded.path)
    moved = recorded.path.rename(tmp_path / "downloaded")

    assert read_run(moved) == whole


def test_runs_are_found_oldest_first(tmp_path: Path) -> None:
    names = ["20251231T235959Z-ffffff", "20260101T000000Z-000000", RUN_ID]
    for name in [*reversed(names), "scratch", f"{RUN_ID}.bak", ".hidden"]:
        (tmp_path / name).mkdir()
    (tmp_path / "20270101T000000Z-abcdef").touch()

    assert [path.name for path in find_runs(tmp_path)] == names
    assert find_runs(tmp_path / "missing") == []


@pytest.mark.promise("Values come back in the order in which they were logged.")
def test_values_are_in_the_order_of_their_logging(folder: RunFolder) -> None:
    def log() -> None:
        for step in range(100):
            nightbook.log_metric("loss", 100 - step, step=step)

    with recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE, log=log)

    [made] = read_run(folder.path).task(MAKE).attempts
    series = [value for value in made.values if value.name == "loss"]
    assert [value.step for value in series] == list(range(100))
    assert made.metrics["loss"] == 1
