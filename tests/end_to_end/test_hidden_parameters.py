"""Values of parameters that Luigi calls HIDDEN or PRIVATE: they reach the tasks, and nothing else."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from nightbook.record.read.reader import read_run
from tests.support.built_site import Site
from tests.support.hidden_pipeline import (
    PASSWORD,
    TOKEN,
    VALUES,
    VARIABLES,
    leaking_lines,
    leaks,
    write_hidden,
)
from tests.support.luigid import Scheduler
from tests.support.project import Project, kill, wait_for

OTHERS = {"measure/size=3", "fetch", "send", "plain", "yielded", "alone"}  # than the first
SET = [word for name, value in VALUES.items() for word in ("--set", f"{name}={value}")]


@pytest.fixture
def hidden(project: Project) -> Project:
    write_hidden(project)
    return project


def printed(done: subprocess.CompletedProcess[str]) -> str:
    """What the command has printed, in which there is no hidden value."""
    text = done.stdout + done.stderr
    assert leaking_lines(text) == []
    return text


def failed_run(project: Project) -> None:
    (project.path / "fails").touch()
    done = project.run(*SET)
    assert done.returncode == 1, printed(done)
    assert {task.task_id: task.outcome for task in project.record().tasks} == {
        "measure/size=3": Outcome.FAILURE,
        "fetch": Outcome.FAILURE,
        "send": Outcome.FAILURE,
        "plain": Outcome.FAILURE,
        "yielded": Outcome.SUCCESS,
        "alone": Outcome.SUCCESS,
    }, printed(done)
    (project.path / "fails").unlink()
    printed(done)


def recorded(project: Project, outcome: Outcome) -> set[str]:
    """The tasks that have this outcome in the newest record."""
    return {task.task_id for task in project.record().tasks if task.outcome is outcome}


def test_the_search_finds_a_value_in_each_form(tmp_path: Path) -> None:
    (tmp_path / "escaped.json").write_text(json.dumps([json.dumps({"password": PASSWORD})]))
    (tmp_path / "number").write_text(f"[{TOKEN}]")
    assert len(leaks(tmp_path)) == 2
    assert leaking_lines(f"first\nURL ?p=a&q={PASSWORD}\n") != []


@pytest.mark.promise("The value of a hidden parameter is in nothing that a run leaves.")
def test_no_value_is_in_what_a_run_leaves(hidden: Project, luigid: Scheduler) -> None:
    """It fails, is resumed, gets a task, is resumed with a luigid, shown, packed and put on a site."""
    failed_run(hidden)
    resumed = hidden.nightbook("resume", "--scheduler", luigid.url, **VARIABLES)
    assert resumed.returncode == 0, printed(resumed)
    added = hidden.run("--pipeline", "pipe:Added", "--into", hidden.runs[-1].name, **VARIABLES)
    assert added.returncode == 0, printed(added)
    again = hidden.nightbook("resume", "--rerun", "fetch", "--scheduler", luigid.url, **VARIABLES)
    assert again.returncode == 0, printed(again)
    by_luigi = hidden.luigi("--local-scheduler", *(f"--{name}={VALUES[name]}" for name in VALUES))
    assert by_luigi.returncode == 0, printed(by_luigi)
    shown = [hidden.nightbook("show", *options) for options in ((), ("--json",))]
    packed = hidden.nightbook("pack", "--into", str(hidden.path / "packed"))

    run = read_run(hidden.runs[0])
    assert run.problems == ()
    assert run.parameters["password"] == run.parameters["token"] == "<hidden>"
    assert {task.outcome for task in run.tasks} == {Outcome.SUCCESS}
    assert "added" in {task.task_id for task in run.tasks}
    for done in (resumed, added, again, by_luigi, packed, *shown):
        printed(done)
    status = json.dumps(
        [luigid.ask("task_list", status=status, upstream_status="") for status in ("DONE", "")]
    )
    assert "Fetch" in status
    assert leaking_lines(status) == []
    site = Site(hidden.path)
    for each in hidden.runs:
        shutil.make_archive(str(hidden.path / each.name), "zip", each)
    site.build()
    assert leaks(hidden.path) == []


def test_a_failed_run_goes_on_with_its_values_alone(hidden: Project) -> None:
    failed_run(hidden)
    run_id, before = hidden.runs[-1].name, written(hidden)
    for missing in VARIABLES:
        others = {name: value for name, value in VARIABLES.items() if name != missing}
        done = hidden.nightbook("resume", **others)
        added = hidden.run("--pipeline", "pipe:Alone", "--set", "password=x", "--into", run_id, **others)
        assert done.returncode == added.returncode == 2
        assert done.stderr == added.stderr
        assert done.stderr == (
            f"error: Root needs its hidden parameter {missing.lower()}, whose value is in no record: "
            f"set the environment variable {missing}\n"
        )
        assert written(hidden) == before

    by_luigi = hidden.luigi("--local-scheduler", "--run-id", run_id)
    assert by_luigi.returncode == 2
    assert "has begun with a value of the hidden parameter password and token of pipe:Root" in by_luigi.stderr
    assert len(hidden.record().task("fetch").attempts) == 1

    notebook = next(hidden.runs[-1].rglob("notebook.ipynb"))
    source = "".join(json.loads(notebook.read_text())["cells"][1]["source"])
    assert 'password = _nightbook_os.environ["PARAM_PASSWORD"]  # hidden\n' in source
    assert 'token = _nightbook_json.loads(_nightbook_os.environ["PARAM_TOKEN"])  # hidden' in source


def written(project: Project) -> dict[Path, int]:
    """When each file of the newest run was written."""
    return {file: file.stat().st_mtime_ns for file in project.runs[-1].rglob("*")}


def test_a_default_is_taken_again_if_the_run_began_with_it(project: Project) -> None:
    project.pipeline("""
        import pathlib
        import nightbook
        from luigi.parameter import ParameterVisibility

        class Work(nightbook.FunctionTask):
            password = luigi.Parameter(default="nobody", visibility=ParameterVisibility.PRIVATE)
            def execute(self, inputs, output_dir):
                nightbook.log_metric("characters", len(self.password))
                if not pathlib.Path("tried").exists():
                    pathlib.Path("tried").touch()
                    raise ValueError("not yet")

        class Root(Pipeline):
            password = luigi.Parameter(default="nobody", visibility=ParameterVisibility.PRIVATE)
            def requires(self):
                return self.clone(Work)
    """)
    assert project.run().returncode == 1
    assert "password" not in project.record().parameters
    resumed = project.nightbook("resume", PASSWORD="of another run")
    assert resumed.returncode == 0, resumed.stderr
    assert project.record().task("work").metrics == {"characters": len("nobody")}


def test_tasks_that_differ_only_in_a_hidden_value_are_refused(project: Project) -> None:
    project.pipeline("""
        import nightbook
        from luigi.parameter import ParameterVisibility

        class Work(nightbook.FunctionTask):
            size = luigi.IntParameter(default=1)
            password = luigi.Parameter(visibility=ParameterVisibility.PRIVATE)
            def execute(self, inputs, output_dir):
                pass

        class Root(Pipeline):
            def requires(self):
                return [Work(password="s3cr3t-1"), Work(password="s3cr3t-2")]
    """)
    done = project.run()
    assert done.returncode == 2
    assert done.stderr.startswith(
        "error: two tasks differ only in the hidden parameter password, which is in no record: Work("
    )
    assert "s3cr3t" not in done.stdout + done.stderr
    assert project.runs == []


@pytest.mark.promise("The value of a hidden parameter is in nothing that a run leaves.")
def test_errors_and_warnings_do_not_name_a_value(hidden: Project) -> None:
    wrong = hidden.run("--set", "token=s3cr3t-number")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("error: the parameters of pipe:Root are wrong: token: ")
    assert "<hidden>" in wrong.stderr
    assert "s3cr3t" not in wrong.stderr
    lacking = hidden.run("--pipeline", "pipe:Fetch", "--set", f"password={PASSWORD}")
    assert lacking.returncode == 2
    assert "hidden parameter token" in printed(lacking)
    by_luigi = hidden.luigi("--local-scheduler", "--token", "s3cr3t-number")
    assert "invalid literal for int() with base 10: <hidden>" in by_luigi.stderr
    assert "s3cr3t" not in by_luigi.stdout + by_luigi.stderr


def test_a_worker_takes_the_values_from_its_environment(hidden: Project, luigid: Scheduler) -> None:
    """One without them gives the task back, and ends with a clear line."""
    source = (hidden.path / "pipe.py").read_text()
    blocked = """
class Block(nightbook.FunctionTask):
    priority = 1000
    def execute(self, inputs, output_dir):
        import time
        pathlib.Path("begun").touch()
        while not pathlib.Path("go").exists():
            time.sleep(0.05)
"""
    source = source.replace("class Root(", f"{blocked}\n\nclass Root(").replace(
        "(Measure, ", "(Block, Measure, "
    )
    (hidden.path / "pipe.py").write_text(source)
    run = hidden.start("run", "--pipeline", "pipe:Root", *SET, "--scheduler", luigid.url, "--workers", "1")
    try:
        wait_for((hidden.path / "begun").exists, "the run's own worker is occupied", timeout_s=60)
        without = hidden.nightbook("work", "--scheduler", luigid.url, "--workers", "1")
        assert without.returncode == 2, printed(without)
        assert "whose value" in printed(without)
        worker = hidden.start("work", "--scheduler", luigid.url, "--workers", "1", **VARIABLES)
        try:
            wait_for(lambda: recorded(hidden, Outcome.SUCCESS) >= OTHERS, "the worker's tasks", timeout_s=120)
        finally:
            kill(worker)
        (hidden.path / "go").touch()
        assert run.wait(120) == 0
    finally:
        kill(run)
    assert {task.outcome for task in hidden.record().tasks} == {Outcome.SUCCESS}
    assert leaks(hidden.path / "runs") == []
