"""The demo as a user runs it: from a copy of the project, by the command line."""

import json
import re
import shutil
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import jupytext
import numpy as np
import onnxruntime
import pytest
from jupytext.config import JupytextConfiguration
from shared.simulated_failures import failure_plan

from nightbook.record.format.model import Outcome, Run, TaskKind
from nightbook.record.read.reader import read_run
from tests.support.project import REPOSITORY, Project

pytestmark = pytest.mark.xdist_group("digits")  # all use one run

SIZES = {"dev": (400, 500, 600), "ci": (600, 800, 1000, 1200)}
SPLIT = "split-train-test/train_test_ratio=0.7"
SPLIT_FILES = ["test.npz", "train.npz"]
PLANNED = {"raise": Outcome.FAILURE, "hang": Outcome.TIMEOUT}


def demo(folder: Path) -> Project:
    """The demo's settings and notebooks in the folder."""
    shutil.copy(REPOSITORY / "luigi.cfg", folder)
    ignored = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    shutil.copytree(REPOSITORY / "notebooks", folder / "notebooks", ignore=ignored)
    return Project(folder)


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The demo, and a run of it in ``dev``, with the failures on purpose."""
    project = demo(tmp_path_factory.mktemp("digits"))
    done = project.nightbook("run", RUN_ENVIRONMENT="dev", FAILURES="on")
    assert done.returncode == 0, done.stdout + done.stderr
    return project


def task_ids(sizes: tuple[int, ...]) -> set[str]:
    models = {f"{name}/nr_train_images={n}" for n in sizes for name in ("train-model", "benchmark-model")}
    return models | {"eda", "split-train-test/train_test_ratio=0.7", "summary"}


def check_outcomes(run: Run, environment: str) -> None:
    assert run.outcome is Outcome.SUCCESS
    assert run.problems == ()
    assert run.parameters["environment"] == environment
    others = {task.task_id for task in run.tasks if task.name != "ingest"}
    assert others == task_ids(SIZES[environment])


def test_all_tasks_ran_and_ingest_failed_as_planned(digits: Project) -> None:
    run = digits.record()

    check_outcomes(run, "dev")
    (ingest,) = [task for task in run.tasks if task.name == "ingest"]
    plan = failure_plan(run.run_id, "dev")
    planned = [*(PLANNED[step] for step in plan), Outcome.SUCCESS]
    assert [attempt.outcome for attempt in ingest.attempts][-1] is Outcome.SUCCESS
    assert [attempt.outcome for attempt in ingest.attempts][: len(plan)] == planned[:-1]
    assert ingest.retry_count == 15
    for attempt in ingest.attempts:
        assert (digits.runs[-1] / attempt.notebook).is_file()


def test_the_function_leaves_its_source_and_what_it_printed(digits: Project) -> None:
    split = digits.record().task(SPLIT)
    (attempt,) = split.attempts
    folder = digits.runs[-1]

    assert split.kind is TaskKind.FUNCTION
    assert split.metrics == {"nr_train_images": 1258, "nr_test_images": 539}
    assert sorted(file.name for file in (folder / "tasks" / SPLIT / "output").iterdir()) == SPLIT_FILES
    assert "def execute(self, inputs" in (folder / attempt.source).read_text()
    assert "train: 1258 images, of the digits 0 to 9 [125, 127, " in (folder / attempt.output_log).read_text()


def test_luigis_own_command_gives_the_same_record(digits: Project, tmp_path: Path) -> None:
    by_luigi = demo(tmp_path)
    choices = {"RUN_ENVIRONMENT": "dev", "FAILURES": "off"}
    options = ("--local-scheduler", "--workers", "2")
    done = by_luigi.luigi_task("Digits", *options, module="tasks.pipeline", **choices)

    assert done.returncode == 0, done.stderr
    assert contents(by_luigi) == contents(digits)
    assert f"{SPLIT} function" in contents(digits)


def contents(project: Project) -> dict[str, object]:
    """What the newest run has made, task by task, without ingest, whose failures are a choice."""
    return {
        f"{task.task_id} {task.kind.value}": (
            [task.notebook, task.parameters, task.retry_count, task.timeout_s],
            {name: value for name, value in task.metrics.items() if not name.startswith("latency")},
            [artifact.name for artifact in task.attempts[-1].artifacts],
            sorted(file.name for file in project.runs[-1].glob(f"tasks/{task.task_id}/*/*")),
        )
        for task in project.record().tasks
        if task.name != "ingest"
    }


def test_the_models_load_and_are_good(digits: Project) -> None:
    run = digits.record()
    test = np.load(digits.runs[-1] / "tasks/split-train-test/train_test_ratio=0.7/output/test.npz")
    for size in SIZES["dev"]:
        (artifact,) = run.task(f"train-model/nr_train_images={size}").attempts[-1].artifacts
        session = onnxruntime.InferenceSession(digits.runs[-1] / artifact.path)
        labels, probabilities = session.run(None, {session.get_inputs()[0].name: test["pixels"]})
        accuracy = float((labels == test["labels"]).mean())

        metrics = run.task(f"benchmark-model/nr_train_images={size}").metrics
        assert accuracy > 0.9
        assert metrics["accuracy"] == pytest.approx(accuracy)
        assert metrics["roc_auc_macro"] > 0.99
        assert probabilities.shape == (len(test["labels"]), 10)
        assert artifact.name == "model.onnx"
        assert {"inputs", "outputs", "opset", "producer"} <= set(artifact.metadata)


def test_an_executed_notebook_does_not_name_the_machine(digits: Project) -> None:
    folder = digits.runs[-1]
    notebooks = [task for task in digits.record().tasks if task.kind is TaskKind.NOTEBOOK]
    succeeded = [task.attempts[-1] for task in notebooks]
    texts = [
        (folder / path).read_text() for attempt in succeeded for path in (attempt.notebook, attempt.html)
    ]

    assert [text for text in texts if str(digits.path) in text] == []


@pytest.mark.parametrize("name", sorted(file.stem for file in (REPOSITORY / "notebooks").glob("*.py")))
def test_a_notebook_works_outside_a_run(digits: Project, name: str) -> None:
    before = sorted(digits.runs[-1].rglob("*"))
    run = ("--set-kernel", "python3", "--execute")  # the text form names no kernel
    executed = subprocess.run(
        [sys.executable, "-m", "jupytext", "--to", "ipynb", *run, "--output", "-", f"{name}.py"],
        cwd=digits.path / "notebooks",
        capture_output=True,
        text=True,
        check=False,
    )

    assert executed.returncode == 0, executed.stderr[-2000:]
    assert json.loads(executed.stdout)["cells"][0]["cell_type"] == "markdown"
    assert sorted(digits.runs[-1].rglob("*")) == before


@pytest.mark.parametrize("name", sorted(file.name for file in (REPOSITORY / "notebooks").glob("*.py")))
def test_saving_a_notebook_in_jupyter_changes_nothing(name: str) -> None:
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["jupytext"]
    text = (REPOSITORY / "notebooks" / name).read_text()
    opened = jupytext.reads(text, "py:percent")
    opened.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}

    saved = jupytext.writes(opened, "py:percent", config=JupytextConfiguration(**settings))

    assert saved == text


def test_the_tutorials_notebook_can_be_added_as_it_stands(digits: Project, tmp_path: Path) -> None:
    section = (REPOSITORY / "docs" / "tutorial" / "add-a-notebook.md").read_text()
    notebook, task, *_ = [
        textwrap.dedent(block) for block in re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    ]
    (digits.path / "notebooks" / "dark-pixels.py").write_text(notebook)
    (digits.path / "pipe.py").write_text(
        "import luigi\nfrom tasks.pipeline import Digits, DigitsTask, Ingest\n"
        f"{task}\nclass Root(Digits):\n    def requires(self):\n"
        "        return [self.clone(DarkPixels, failures='off')]\n"
    )

    done = digits.run("--runs", str(tmp_path))

    assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = tmp_path.iterdir()
    assert 0 < read_run(folder).task("dark-pixels/threshold=8.0").metrics["dark_share"] < 1


def test_notebooks_import_the_public_face_and_what_they_share_only() -> None:
    own = [
        line.strip()
        for file in (REPOSITORY / "notebooks").glob("*.py")
        for line in file.read_text().splitlines()
        if re.match(r"\s*(from|import) (nightbook|tasks|site|tests)\b", line)
    ]

    assert set(own) == {"import nightbook"}


def test_ci_without_failures(digits: Project, tmp_path: Path) -> None:
    done = digits.nightbook("run", "--runs", str(tmp_path), RUN_ENVIRONMENT="ci", FAILURES="off")

    assert done.returncode == 0, done.stdout + done.stderr
    (folder,) = tmp_path.iterdir()
    run = read_run(folder)
    check_outcomes(run, "ci")
    assert {len(task.attempts) for task in run.tasks} == {1}
