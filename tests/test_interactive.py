from pathlib import Path

import pytest

import nightbook
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.support.recording import execute_attempt, recorded_attempt

OLD, NEW = "20261122T031700Z-ffffff", "20261123T031700Z-000000"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runs of a project; the current folder is the one of its notebooks."""
    (tmp_path / "luigi.cfg").touch()
    (tmp_path / "notebooks" / "deep").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "notebooks" / "deep")
    return tmp_path / "runs"


def published(runs: Path, run_id: str, task_id: str, outcome: Outcome = Outcome.SUCCESS) -> Path:
    task = RunFolder(runs / run_id).task(task_id)
    execute_attempt(task.next_attempt(), outcome)
    task.output.mkdir(parents=True)
    return task.output


def test_the_newest_runs_output_is_found_from_any_folder_of_the_project(runs: Path) -> None:
    published(runs, OLD, "ingest")
    newest = published(runs, NEW, "ingest")
    published(runs, "scratch", "ingest")

    assert nightbook.newest_output("ingest") == newest


def test_a_run_without_the_output_is_passed_over(runs: Path) -> None:
    old = published(runs, OLD, "ingest")
    published(runs, NEW, "split")

    assert nightbook.newest_output("ingest") == old


def test_a_folder_that_a_failed_attempt_has_made_is_no_output(runs: Path) -> None:
    old = published(runs, OLD, "ingest")
    published(runs, NEW, "ingest", Outcome.FAILURE)

    assert nightbook.newest_output("ingest") == old


def test_a_task_with_parameters_has_an_output_for_each_set(runs: Path) -> None:
    published(runs, OLD, "train/size=300")
    outputs = [published(runs, NEW, f"train/size={size}") for size in (600, 1200)]

    assert nightbook.newest_outputs("train") == sorted(outputs)
    assert nightbook.newest_output("train/size=600") == outputs[0]


def test_of_several_outputs_one_is_chosen_by_parameters(runs: Path) -> None:
    published(runs, OLD, "train/size=300,seed=1")
    small = published(runs, NEW, "train/size=600,seed=1")
    large = published(runs, NEW, "train/size=1200,seed=1")
    text = published(runs, NEW, "train/size=a%2Cb,seed=1")

    assert nightbook.newest_output("train", size=600) == small
    assert nightbook.newest_output("train", size="1200", seed=1) == large
    assert nightbook.newest_output("train", size="a,b") == text
    assert nightbook.newest_outputs("train", seed=1) == sorted([small, large, text])
    assert nightbook.newest_output("train", size=300).parents[3].name == OLD


def test_without_a_choice_the_error_lists_the_choices(runs: Path) -> None:
    for size in (600, 1200):
        published(runs, NEW, f"train/size={size},seed=1")

    with pytest.raises(ValueError, match="train has 2 outputs") as raised:
        nightbook.newest_output("train", seed=1)

    assert str(raised.value) == (
        f"train has 2 outputs in the run {NEW}: take one by its parameters, "
        "newest_output('train', size='1200'), "
        "newest_output('train', size='600'); or all with newest_outputs('train')"
    )


def test_a_choice_that_no_run_has_is_named(runs: Path) -> None:
    published(runs, NEW, "train/size=600")

    with pytest.raises(FileNotFoundError, match=r"has an output of newest_output\('train', size='7'\)"):
        nightbook.newest_output("train", size=7)


@pytest.mark.promise("An attempt's output is given to nobody before it is published.")
@pytest.mark.parametrize("task_id", ["ingest", "train/size=600"])
def test_what_an_attempt_did_not_publish_is_no_output(runs: Path, task_id: str) -> None:
    old = published(runs, OLD, task_id)
    RunFolder(runs / NEW).task(task_id).attempt(1).output.mkdir(parents=True)

    assert nightbook.newest_outputs(task_id) == [old]

    new = published(runs, NEW, task_id)

    assert nightbook.newest_outputs(task_id) == [new]


def test_without_an_output_the_error_says_what_to_do(runs: Path) -> None:
    message = rf"no run in {runs} has an output of ingest: .* `make run`"
    with pytest.raises(FileNotFoundError, match=message):
        nightbook.newest_output("ingest")

    published(runs, NEW, "split")

    with pytest.raises(FileNotFoundError, match=message):
        nightbook.newest_output("ingest")


def test_a_folder_for_scratch_work_is_made_once(runs: Path) -> None:
    assert nightbook.scratch_dir() == runs / "scratch"
    assert nightbook.scratch_dir().is_dir()


def test_outside_a_project_the_runs_are_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert nightbook.scratch_dir() == tmp_path / "runs" / "scratch"


def test_inside_a_run_nothing_is_looked_for_and_nothing_made(runs: Path, tmp_path: Path) -> None:
    with recorded_attempt(RunFolder(tmp_path / NEW).task("work").attempt(1)):
        assert nightbook.newest_output("missing") == Path()
        assert nightbook.newest_outputs("missing") == [Path()]
        assert nightbook.scratch_dir() == Path()

    assert not runs.exists()
