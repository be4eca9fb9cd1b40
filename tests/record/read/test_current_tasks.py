"""The newest declarations decide which tasks are in the pipeline."""

from dataclasses import replace

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run, TaskKind
from nightbook.record.read.reader import read_run
from tests.support.recording import (
    MAKE,
    PROVENANCE,
    REQUEST,
    TASKS,
    USE,
    declared,
    recorded_invocation,
    run_attempt,
)

OTHER = replace(REQUEST, entry_point="pipe:Other")


def removed(run: Run) -> set[str]:
    return {task.task_id for task in run.tasks if task.removed}


def test_a_task_that_the_newest_invocation_does_not_declare_is_removed(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        run_attempt(folder, MAKE)
        run_attempt(folder, USE, 1, Outcome.FAILURE)
    with recorded_invocation(folder, TASKS[:1]):
        pass

    run = read_run(folder.path)
    assert removed(run) == {USE}
    assert (run.task(USE).outcome, run.task(MAKE).outcome) == (Outcome.REMOVED, Outcome.SUCCESS)
    assert [task.task_id for task in run.current_tasks] == [MAKE]


def test_a_removed_task_does_not_decide_how_a_killed_invocation_ended(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS, None):
        run_attempt(folder, MAKE)
        run_attempt(folder, USE, 1, Outcome.FAILURE)
    with recorded_invocation(folder, TASKS[:1], None):
        pass

    assert read_run(folder.path).outcome is Outcome.SUCCESS


def test_a_task_that_is_declared_again_is_back(folder: RunFolder) -> None:
    for tasks in (TASKS, TASKS[:1], TASKS):
        with recorded_invocation(folder, tasks):
            pass

    assert removed(read_run(folder.path)) == set()


def test_an_invocation_of_another_root_only_adds(folder: RunFolder) -> None:
    with recorded_invocation(folder, TASKS):
        pass
    for number in ("1", "2"):
        request = replace(OTHER, parameters={"n": number})
        with recorded_invocation(
            folder, [declared(f"more/n={number}")], Outcome.SUCCESS, PROVENANCE, request
        ):
            pass
    assert removed(read_run(folder.path)) == set()

    with recorded_invocation(folder, TASKS[:1]):
        pass

    assert removed(read_run(folder.path)) == {USE}


def test_what_a_task_has_yielded_stays_with_it(folder: RunFolder) -> None:
    asking, yielded = replace(declared("ask"), kind=TaskKind.LUIGI), declared("asked")
    after = replace(asking, depends_on=("asked",))
    with recorded_invocation(folder, [asking]) as recorder:
        recorder.declare_tasks([yielded, after])
    with recorded_invocation(folder, [after]):
        pass
    assert removed(read_run(folder.path)) == set()

    with recorded_invocation(folder, TASKS):
        pass

    assert removed(read_run(folder.path)) == {"ask", "asked"}
