"""`nightbook run --into RUN`: a task that is added to a run that has ended."""

import subprocess
from pathlib import Path

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.origin import Origin, write_origin
from nightbook.record.read.reader import read_run
from nightbook.record.write.run_lock import run_lock
from tests.support.project import Project

PIPELINE = """
import nightbook, pathlib

class Load(nightbook.FunctionTask):
    def execute(self, inputs, output_dir):
        (output_dir / "made").touch()

class Train(nightbook.FunctionTask):
    size = luigi.IntParameter()
    environment = luigi.Parameter(default="none")
    def requires(self):
        return {"data": self.clone(Load)}
    def execute(self, inputs, output_dir):
        if self.size == 13 and not pathlib.Path("mended").exists():
            raise ValueError("13")
        nightbook.log_metric("size", self.size)

class Check(nightbook.FunctionTask):
    def execute(self, inputs, output_dir):
        open("checked").close()

class Root(Pipeline):
    environment = luigi.Parameter(default="dev")
    def requires(self):
        return [self.clone(Train, size=1)]

class Failing(Root):
    def requires(self):
        return [self.clone(Train, size=1), self.clone(Check)]

class Others(Pipeline):
    def requires(self):
        return [Train(size=7), Train(size=8)]

class Plain(luigi.Task):
    def output(self):
        return luigi.LocalTarget("plain.txt")
    def run(self):
        self.output().open("w").close()
"""


@pytest.fixture
def ended(project: Project) -> Run:
    """A run that has ended, with an environment of its own."""
    project.pipeline(PIPELINE.replace("\n", "\n        ").rstrip())
    assert project.run("--set", "environment=ci").returncode == 0
    return project.record()


def add(project: Project, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    into = ("--into", project.runs[-1].name)
    return project.nightbook("run", "--pipeline", f"pipe:{name}", *into, *arguments)


def attempts(run: Run) -> dict[str, list[str]]:
    return {task.task_id: [str(attempt.outcome) for attempt in task.attempts] for task in run.tasks}


def test_the_task_joins_the_run_which_stays_what_it_is(project: Project, ended: Run) -> None:
    done = add(project, "Train", "--set", "size=3")

    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    assert len(project.runs) == 1
    assert (run.pipeline, run.entry_point, run.parameters) == (
        ended.pipeline,
        ended.entry_point,
        ended.parameters,
    )
    assert run.outcome is Outcome.SUCCESS
    assert attempts(run) == {
        "load": ["success"],
        "train/size=1,environment=ci": ["success"],
        "train/size=3,environment=ci": ["success"],
    }
    assert run.task("train/size=3,environment=ci").depends_on == ("load",)
    assert run.problems == ()
    assert "size=3" in (project.runs[-1] / "report" / "dag.mmd").read_text()


def test_a_parameter_may_differ_from_the_runs(project: Project, ended: Run) -> None:
    assert add(project, "Train", "--set", "size=3", "--set", "environment=dev").returncode == 0

    assert "train/size=3,environment=dev" in attempts(project.record())
    assert project.record().parameters == ended.parameters


def test_a_resumed_run_tries_a_failed_task_again(project: Project, ended: Run) -> None:
    failed = add(project, "Train", "--set", "size=13")
    assert failed.returncode == 1
    assert project.record().outcome is Outcome.FAILURE

    (project.path / "mended").touch()
    resumed = project.nightbook("resume")

    assert resumed.returncode == 0, resumed.stdout + resumed.stderr
    run = project.record()
    assert (run.pipeline, run.outcome, run.parameters) == ("root", Outcome.SUCCESS, ended.parameters)
    assert attempts(run) == {
        "load": ["success"],
        "train/size=1,environment=ci": ["success"],
        "train/size=13,environment=ci": ["failure", "success"],
    }


@pytest.mark.usefixtures("ended")
def test_a_resumed_run_keeps_all_that_was_added(project: Project) -> None:
    assert add(project, "Train", "--set", "size=13").returncode == 1
    assert add(project, "Others").returncode == 0
    assert add(project, "Plain").returncode == 0
    assert project.record().outcome is Outcome.FAILURE  # of 13, which still has to be done
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0

    run = project.record()
    assert run.problems == ()
    assert run.outcome is Outcome.SUCCESS
    assert attempts(run) == {
        "load": ["success"],
        "train/size=1,environment=ci": ["success"],
        "train/size=13,environment=ci": ["failure", "success"],
        "train/size=7,environment=none": ["success"],
        "train/size=8,environment=none": ["success"],
        "plain": ["success"],
    }


@pytest.mark.usefixtures("ended")
def test_a_task_that_succeeds_leaves_a_failed_run_failed(project: Project) -> None:
    assert project.nightbook("run", "--pipeline", "pipe:Failing").returncode == 1

    done = add(project, "Train", "--set", "size=3")

    assert done.returncode == 0
    run = project.record()
    assert run.outcome is Outcome.FAILURE
    assert attempts(run)["check"] == ["failure"]  # it was not asked for
    (project.path / "checked").touch()
    assert project.nightbook("resume").returncode == 0
    assert attempts(project.record())["check"] == ["failure", "success"]


REFUSED = [
    (["--into", "20200101T000000Z-abcdef", "--pipeline", "pipe:Train"], "there is no run 2020"),
    (["--into", "x", "--pipeline", "pipe:Train"], "'x' is no run id"),
    (["--pipeline", "pipe:Load", "--set", "run_id=RUN"], "is there already: continue it with"),
    (["--into", "RUN"], "--into needs --pipeline MODULE:TASK"),
    (["--into", "RUN", "--pipeline", "pipe:None"], "there is no pipeline 'pipe:None'"),
    (["--into", "RUN", "--pipeline", "pipe:Train"], "size"),
    (["--into", "RUN", "--pipeline", "pipe:Train", "--set", "size=many"], "size: "),
    (["--into", "RUN", "--pipeline", "pipe:Root"], "continue it with `nightbook resume`"),
    (
        ["--into", "RUN", "--pipeline", "pipe:Load", "--set", "run_id=20200101T000000Z-abcdef"],
        "run_id=20200101T000000Z-abcdef contradicts --into",
    ),
]


def test_what_cannot_be_added_is_refused_in_one_line(project: Project, ended: Run) -> None:
    for arguments, said in REFUSED:
        given = [word.replace("RUN", ended.run_id) for word in arguments]

        refused = project.nightbook("run", *given)

        assert refused.returncode == 2, (arguments, refused.stdout)
        assert said in refused.stderr
        assert "Traceback" not in refused.stderr
        assert project.record() == ended


def test_a_run_that_goes_on_is_refused(project: Project, ended: Run) -> None:
    with run_lock(RunFolder(project.runs[-1])):
        refused = add(project, "Train", "--set", "size=3")

    assert refused.returncode == 2
    assert "is being executed by another process" in refused.stderr
    assert project.record() == ended


@pytest.mark.parametrize("command", [["resume"], ["run", "--pipeline", "pipe:Load", "--into"]])
def test_a_record_from_elsewhere_is_only_read(project: Project, ended: Run, command: list[str]) -> None:
    write_origin(project.runs[-1], ORIGIN)
    before = files(project.runs[-1])

    refused = project.nightbook(*command, ended.run_id)

    assert refused.returncode == 2
    assert f"run {ended.run_id} was made by https://github.com/a/b/runs/1, and its record" in refused.stderr
    assert files(project.runs[-1]) == before


def files(folder: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}


ORIGIN = Origin(
    repository_url="https://github.com/a/b",
    branch="main",
    revision="0" * 40,
    event="push",
    actor="somebody",
    pull_request="",
    workflow="pipeline",
    workflow_run_url="https://github.com/a/b/runs/1",
    workflow_run_id=1,
    attempt=1,
    artifact_id=1,
    artifact_digest="",
    bulky_bytes=0,
)


def test_the_record_says_what_was_added(project: Project, ended: Run) -> None:
    assert ended.added == ()
    add(project, "Train", "--set", "size=3")
    add(project, "Train", "--set", "size=3")

    added = read_run(project.runs[-1]).added

    assert [(one.entry_point, one.parameters["size"]) for one in added] == [("pipe:Train", "3")]
