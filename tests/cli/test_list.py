"""``nightbook list`` on records made by the recorder."""

import json
import math

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.record.write.run_lock import run_lock
from tests.support.project import Project
from tests.support.recording import MAKE, TASKS, USE, record_night, recorded_invocation, run_attempt

FIRST, SECOND, THIRD = (f"202611{day:02d}T031700Z-7f3a2c" for day in (1, 2, 3))


def test_json_has_the_same_names_for_each_run_and_says_what_is_no_number(project: Project) -> None:
    runs = project.path / "runs"
    for run_id, value in ((FIRST, math.nan), (SECOND, -math.inf)):
        record_night(RunFolder(runs / run_id), value)

    done = project.nightbook("list", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    listed = json.loads(done.stdout, parse_constant=lambda name: f"no JSON: {name}")
    assert listed["version"] == 1
    assert [run["run_id"] for run in listed["runs"]] == [FIRST, SECOND]
    assert [run["path"] for run in listed["runs"]] == [str(runs / FIRST), str(runs / SECOND)]
    assert [run["tasks"][1]["metrics"] for run in listed["runs"]] == [
        {"number": 1, "accuracy": "NaN"},
        {"number": 1, "accuracy": "-Infinity"},
    ]


def test_json_of_no_runs(project: Project) -> None:
    done = project.nightbook("list", "--json")

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {"version": 1, "runs": []}


def test_a_record_that_cannot_be_read_is_an_error_line_and_no_json(project: Project) -> None:
    record_night(RunFolder(project.path / "runs" / FIRST), 0.97)
    (project.path / "runs" / SECOND).mkdir()

    done = project.nightbook("list", "--json")

    assert done.returncode == 0
    assert done.stderr.startswith(f"{SECOND}: ")
    assert [run["run_id"] for run in json.loads(done.stdout)["runs"]] == [FIRST]


def test_a_run_that_is_going_on_has_no_end(project: Project) -> None:
    folder = RunFolder(project.path / "runs" / THIRD)
    with run_lock(folder), recorded_invocation(folder, TASKS):
        run_attempt(folder, MAKE)
        [run] = json.loads(project.nightbook("list", "--json").stdout)["runs"]

    assert (run["outcome"], run["end"]) == ("running", None)
    assert {task["task_id"]: task["outcome"] for task in run["tasks"]} == {MAKE: "success", USE: "not run"}
    [run] = json.loads(project.nightbook("list", "--json").stdout)["runs"]
    assert run["outcome"] != "running"
    assert run["end"] > run["start"]


def test_a_table_for_people(project: Project) -> None:
    record_night(RunFolder(project.path / "runs" / FIRST), 0.97)

    lines = project.nightbook("list").stdout.splitlines()

    assert " ".join(lines[0].split()) == "run outcome pipeline started (UTC) branch commit tasks duration"
    assert lines[1].split()[:3] == [FIRST, "✓", Outcome.SUCCESS]
