"""``nightbook show`` on records made by the recorder."""

import json
from pathlib import Path

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.support.project import Project
from tests.support.recording import (
    ERROR,
    MAKE,
    PROVENANCE,
    RUN_ID,
    TASKS,
    USE,
    recorded_invocation,
    run_attempt,
)


@pytest.fixture
def failed(project: Project) -> Path:
    """The record of a run whose first task failed in both attempts."""
    folder = RunFolder(project.path / "runs" / RUN_ID)
    with recorded_invocation(folder, TASKS, Outcome.FAILURE):
        for number in (1, 2):
            run_attempt(folder, MAKE, number, Outcome.FAILURE, ERROR)
    return folder.path


def test_json_has_all_that_docs_name(project: Project, failed: Path) -> None:
    done = project.nightbook("show", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    run = json.loads(done.stdout)
    times = {name: run.pop(name) for name in ("start", "end", "duration_s")}
    assert times["start"] < times["end"]
    assert times["end"].endswith("Z")
    assert times["duration_s"] >= 0
    assert all(task.pop("duration_s") >= 0 for task in run["tasks"])
    assert run == {
        "version": 1,
        "run_id": RUN_ID,
        "outcome": "failure",
        "pipeline": "nightly",
        "branch": PROVENANCE.branch,
        "revision": PROVENANCE.revision,
        "path": str(failed),
        "problems": [],
        "tasks": [
            {
                "task_id": MAKE,
                "outcome": "failure",
                "attempts": 2,
                "metrics": {"number": 2},
                "error": {"type": "KeyError", "message": "'label'\nis missing"},
                "notebook": "tasks/make/size=600/attempt-02/notebook.ipynb",
            },
            {
                "task_id": USE,
                "outcome": "not run",
                "attempts": 0,
                "metrics": {},
                "error": None,
                "notebook": None,
            },
        ],
    }


def test_people_read_what_failed_and_what_to_do(project: Project, failed: Path) -> None:
    lines = project.nightbook("show", RUN_ID).stdout.splitlines()

    told = lines[lines.index(f"failure: the record is in {failed.relative_to(project.path)}") + 1 :]
    assert told[0] == f"{MAKE} failed in attempt 2 of 2: KeyError: 'label'"
    assert told[-3:] == [
        "  see tasks/make/size=600/attempt-02/notebook.ipynb in the record",
        f"not run: {USE}, waits for {MAKE}",
        f"fix the cause, then continue with `python -m nightbook resume {RUN_ID}`",
    ]


@pytest.mark.usefixtures("failed")
def test_the_next_step_is_what_the_environment_says(project: Project) -> None:
    last = project.nightbook("show", RESUME_COMMAND="docker compose run resume").stdout.splitlines()[-1]

    assert last.endswith(f"then continue with `docker compose run resume {RUN_ID}`")


def test_an_unknown_run_is_an_error_line_and_no_json(project: Project) -> None:
    done = project.nightbook("show", "--json", RUN_ID)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"error: there is no run {RUN_ID} in {project.path / 'runs'}: `python -m nightbook list` shows all\n"
    )


def test_the_next_step_names_the_folder_of_runs_where_it_is_another(project: Project, failed: Path) -> None:
    elsewhere = project.path / "my runs"
    failed.parent.rename(elsewhere)

    last = project.nightbook("show", "--runs", "my runs").stdout.splitlines()[-1]

    command = f"python -m nightbook resume {RUN_ID} --runs 'my runs'"
    assert last.endswith(f"then continue with `{command}`")
    listing = project.nightbook("show", "--runs", "my runs", RUN_ID.replace("2026", "2025")).stderr
    assert "`python -m nightbook list --runs 'my runs'` shows all" in listing


def test_an_attempt_after_a_resume_is_none_of_the_planned_ones(project: Project) -> None:
    project.single()
    project.notebook("work", "1 / 0")
    project.run()

    resumed = project.nightbook("resume").stdout

    assert "work failed in attempt 2: ZeroDivisionError" in resumed
