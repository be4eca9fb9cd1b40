"""The lines on what went wrong in a run."""

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from nightbook.record.format.model import (
    Attempt,
    Cell,
    Error,
    Outcome,
    Provenance,
    Run,
    Task,
    TaskKind,
)
from nightbook.record.render.failures import failure_lines, waiting_lines

TRACEBACK = """Traceback (most recent call last):
  File "/env/site-packages/luigi/worker.py", line 183, in _run_get_new_deps
    task_gen = self.task.run()
  File "/project/pipe.py", line 9, in run
    raise ValueError("no rows")
ValueError: no rows
"""
FAILED = Attempt(1, Outcome.FAILURE, 0, 1, 0, PurePosixPath("tasks/a/attempt-01"), error=None)


def task(name: str, *attempts: Attempt, needs: tuple[str, ...] = ()) -> Task:
    return Task(name, name, {}, "pipe:A", 1, 0, 0, TaskKind.LUIGI, depends_on=needs, attempts=attempts)


def run(*tasks: Task) -> Run:
    return Run("r", "t", 1, "root", "pipe:Root", "", {}, Provenance(), Outcome.FAILURE, 0, 1, tasks)


def test_a_failed_task_has_its_error_its_place_and_its_traceback() -> None:
    attempt = replace(FAILED, error=Error("ValueError", "no rows", TRACEBACK))

    assert failure_lines(run(task("a", attempt))) == [
        "a failed in attempt 1 of 1: ValueError: no rows",
        "  at /project/pipe.py, line 9",
        *(f"  | {line}" for line in TRACEBACK.splitlines()),
        "  see tasks/a/attempt-01/output.log in the record",
    ]


@pytest.mark.parametrize("indent", ["", "  "])  # of a syntax error
def test_a_failed_cell_is_named(indent: str) -> None:
    cells = (Cell(1, 0, 1, failed=False), Cell(2, 0, 1, failed=True))
    attempt = replace(FAILED, cells=cells, error=Error("E", "x", f"{indent}Cell In[2], line 7\nE: x"))

    assert failure_lines(run(task("a", attempt)))[1] == "  at pipe:A, cell 2, line 7"


def test_many_failures_are_counted() -> None:
    lines = failure_lines(run(*(task(f"a{number}", FAILED) for number in range(25))))

    assert lines[-1] == "and 5 more"


def test_what_was_not_run_waits_for_something() -> None:
    missing = replace(FAILED, error=Error("MissingData", "data.csv does not exist", ""))
    found = run(
        task("data", missing),
        task("clean", FAILED),
        task("load", needs=("clean", "data")),
        task("last", needs=("load",)),
        task("cut", replace(FAILED, outcome=Outcome.INTERRUPTED)),
        task("alone"),
    )

    assert waiting_lines(found) == [
        "not run: load, waits for clean, data: data.csv does not exist",
        "not run: last, waits for load",
        "interrupted: cut",
        "not run: alone",
    ]
