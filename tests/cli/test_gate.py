"""``nightbook gate`` on records made by the recorder."""

import json
import shutil
from pathlib import Path

import pytest

from nightbook.record.format.layout import RunFolder
from tests.support.project import Project, configured
from tests.support.recording import record_night

NIGHTS = (0.970, 0.970, 0.970, 0.971, 0.969)


@pytest.fixture
def main(project: Project) -> Path:
    """A folder with the records of five nights on main."""
    config = project.path / "luigi.cfg"
    goals = '{"accuracy": {"better": "higher", "tolerance": 0.01}}'
    config.write_text(configured(config.read_text(), metrics=goals, main_branch="main"))
    runs = project.path / "main"
    for night, accuracy in enumerate(NIGHTS, 1):
        record_night(RunFolder(runs / f"202611{night:02d}T031700Z-7f3a2c"), accuracy)
    return runs


def run_with(project: Project, accuracy: float) -> Path:
    folder = RunFolder(project.path / "runs" / "20261123T120000Z-7f3a2c")
    return record_night(folder, accuracy, branch="smaller-model").path


def test_a_regression_ends_with_exit_code_1_and_stands_in_the_summary(project: Project, main: Path) -> None:
    run = run_with(project, 0.90)

    done = project.nightbook("gate", "--against", str(main))

    assert done.returncode == 1, done.stderr
    assert done.stdout.splitlines()[-1] == "✗ regressed: 1 of 1 metric worse than on main beyond the noise"
    assert (
        "| ✗ regressed | `use` | `accuracy` | 0.9000 | 0.9690 | 0.9700 | -0.0700 | ±0.0100 | 5 |"
        in (run / "report" / "summary.md").read_text()
    )


def test_a_run_as_good_as_main_passes(project: Project, main: Path) -> None:
    run_with(project, 0.965)

    done = project.nightbook("gate", "--against", str(main))

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == (
        "✓ pass: 1 metric compared, none worse than on main beyond the noise"
    )


def test_an_unreadable_record_and_too_few_others_are_no_verdict(project: Project, main: Path) -> None:
    run_with(project, 0.5)
    shutil.rmtree(main / "20261105T031700Z-7f3a2c" / "spans")

    done = project.nightbook("gate", "--against", str(main))

    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == (
        "? not enough history: main has 4 comparable runs, and 5 are needed"
    )


def test_without_records_to_compare_with_there_is_an_error(project: Project) -> None:
    run_with(project, 0.5)

    done = project.nightbook("gate", "--against", "nowhere")

    assert done.returncode == 2
    assert done.stderr == "error: there is no folder nowhere with records to compare with\n"


def test_a_packed_run_has_no_log_and_is_read_like_any_other(project: Project, main: Path) -> None:
    record = run_with(project, 0.97)
    (record / "luigi.log").write_text(str(project.path))

    done = project.nightbook("pack", "--into", "packed")

    assert done.returncode == 0, done.stderr
    assert done.stdout == f"the portable record is in packed/{record.name}\n"
    assert project.nightbook("gate", "--runs", "packed", "--against", str(main)).returncode == 0
    assert not list((project.path / "packed").rglob("*.log"))


def test_json_has_the_verdict_and_each_comparison(project: Project, main: Path) -> None:
    run = run_with(project, 0.90)

    done = project.nightbook("gate", "--json", "--against", str(main))

    assert (done.returncode, done.stderr) == (1, "")
    verdict = json.loads(done.stdout)
    [comparison] = verdict.pop("comparisons")
    assert verdict == {
        "version": 1,
        "run_id": run.name,
        "verdict": "regressed",
        "summary": "✗ regressed: 1 of 1 metric worse than on main beyond the noise",
    }
    assert comparison.pop("difference") == pytest.approx(-0.07)
    assert comparison == {
        "task_id": "use",
        "metric": "accuracy",
        "better": "higher",
        "tolerance": 0.01,
        "verdict": "regressed",
        "value": 0.9,
        "latest": 0.969,
        "median": 0.97,
        "band": 0.01,
        "nr_runs": 5,
    }


def test_json_without_enough_history(project: Project) -> None:
    run_with(project, 0.5)
    (project.path / "empty").mkdir()

    done = project.nightbook("gate", "--json", "--against", "empty")

    assert done.returncode == 0
    assert json.loads(done.stdout)["verdict"] == "not enough history"
