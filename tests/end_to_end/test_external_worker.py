"""`nightbook work`: what a worker elsewhere takes, and the run in which it is recorded."""

import subprocess
from collections.abc import Iterator

import pytest

from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.reader import read_run
from tests.support.luigid import Scheduler
from tests.support.project import Project, kill, wait_for

PIPELINE = """
import nightbook, os, pathlib, time

class Block(nightbook.FunctionTask):
    \"\"\"It occupies the run's own worker.\"\"\"
    priority = 100
    timeout_s = 300
    def execute(self, inputs, output_dir):
        pathlib.Path("begun").touch()
        while not pathlib.Path("go").exists():
            time.sleep(0.05)

class Leaf(luigi.Task):
    number = luigi.IntParameter()
    def output(self):
        return luigi.LocalTarget("leaf.txt")
    def run(self):
        self.output().open("w").close()

class Plain(luigi.Task):
    retry_count = 3
    def output(self):
        return luigi.LocalTarget("plain.txt")
    def run(self):
        yield Leaf(number=1)
        with open("workers", "a") as file:
            print(os.getppid(), file=file)
        print("said by the task")
        nightbook.log_metric("tries", len(open("workers").readlines()))
        if len(open("workers").readlines()) < 3:
            raise ValueError("not yet")
        self.output().open("w").close()

class Call(nightbook.FunctionTask):
    def execute(self, inputs, output_dir):
        print("said by the function")

class Command(nightbook.ScriptTask):
    command = "echo said by the command"

class Root(BASE):
    def requires(self):
        return [TASKS]
"""
ALL = "Block(), Plain(), Call(), Command()"


def write(project: Project, base: str, tasks: str) -> None:
    source = PIPELINE.replace("BASE", base).replace("TASKS", tasks)
    project.pipeline(source.replace("\n", "\n        ").rstrip())


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """What a test has started, and what has to end."""
    processes: list[subprocess.Popen[str]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            kill(process)


def begin(project: Project, luigid: Scheduler) -> subprocess.Popen[str]:
    """Start a run whose own worker is occupied."""
    (project.path / "begun").unlink(missing_ok=True)
    run = project.start("run", "--pipeline", "pipe:Root", "--scheduler", luigid.url, "--workers", "1")
    wait_for((project.path / "begun").exists, "the run's own worker is occupied", timeout_s=60)
    return run


def attempts(run: Run) -> dict[str, list[Outcome]]:
    return {task.task_id: [attempt.outcome for attempt in task.attempts] for task in run.tasks}


def test_tasks_of_all_kinds_are_recorded_as_by_the_runs_own_worker(
    project: Project, luigid: Scheduler, started: list[subprocess.Popen[str]]
) -> None:
    write(project, "Pipeline", ALL)
    run = begin(project, luigid)
    worker = project.start("work", "--scheduler", luigid.url, "--workers", "1")
    started += [run, worker]
    outputs = [project.runs[-1] / "tasks" / name / "output" for name in ("call", "command")]
    done = (project.path / "plain.txt", *outputs)
    wait_for(lambda: all(file.exists() for file in done), "the worker's tasks", timeout_s=120)
    (project.path / "go").touch()
    assert run.wait(120) == 0

    recorded = project.record()
    assert recorded.problems == ()
    assert attempts(recorded) == {
        "block": [Outcome.SUCCESS],
        "plain": [Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS],
        "call": [Outcome.SUCCESS],
        "command": [Outcome.SUCCESS],
        "leaf/number=1": [Outcome.SUCCESS],
    }
    assert recorded.task("plain").depends_on == ("leaf/number=1",)
    assert recorded.task("plain").metrics == {"tries": 3}
    assert {int(line) for line in (project.path / "workers").read_text().split()} == {worker.pid}
    said = {"plain": "task", "call": "function", "command": "command"}
    for task_id, name in said.items():
        log = project.runs[-1] / recorded.task(task_id).attempts[-1].output_log
        assert log.read_text() == f"said by the {name}\n"


@pytest.mark.parametrize("base", ["Pipeline", "luigi.WrapperTask"])
def test_a_task_is_recorded_in_the_run_that_goes_on(
    project: Project, luigid: Scheduler, started: list[subprocess.Popen[str]], base: str
) -> None:
    """A newer run that needs the same task has been killed, and the scheduler does not know it yet."""
    write(project, base, "Block(), Plain()")
    going_on = begin(project, luigid)
    killed = begin(project, luigid)
    worker = project.start("work", "--scheduler", luigid.url, "--workers", "1")
    started += [going_on, killed, worker]
    kill(killed)
    wait_for((project.path / "plain.txt").exists, "the worker's task", timeout_s=120)
    (project.path / "go").touch()
    assert going_on.wait(120) == 0

    first, second = map(read_run, project.runs)
    assert attempts(first)["plain"] == [Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS]
    assert attempts(first)["leaf/number=1"] == [Outcome.SUCCESS]
    assert (first.problems, second.problems) == ((), ())
    assert attempts(second)["plain"] == []


def test_of_two_runs_that_go_on_one_has_the_attempts_and_the_other_knows(
    project: Project, luigid: Scheduler, started: list[subprocess.Popen[str]]
) -> None:
    """To the scheduler, a task of Luigi's own is the same in both."""
    write(project, "Pipeline", "Block(), Plain()")
    runs = [begin(project, luigid), begin(project, luigid)]
    worker = project.start("work", "--scheduler", luigid.url, "--workers", "1")
    started += [*runs, worker]
    wait_for((project.path / "plain.txt").exists, "the worker's task", timeout_s=120)
    (project.path / "go").touch()
    assert [run.wait(120) for run in runs] == [0, 0]

    first, second = map(read_run, project.runs)
    assert attempts(first)["plain"] == [Outcome.FAILURE, Outcome.FAILURE, Outcome.SUCCESS]
    assert attempts(second)["plain"] == [Outcome.SUCCESS]
    log = project.runs[1] / second.task("plain").attempts[0].output_log
    assert log.read_text() == "complete by another run: nothing had to be done\n"
    assert (first.problems, second.problems) == ((), ())
