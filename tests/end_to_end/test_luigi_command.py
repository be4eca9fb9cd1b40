"""Luigi's own command, ``luigi --module``, makes the record of ``nightbook run``, and refuses the same."""

import shutil
import signal
from dataclasses import replace
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project, ended, processes_of, wait_for

WRITES = """
    import logging, os, sys, time
    from pathlib import Path

    class Writes(luigi.Task):
        n = luigi.IntParameter(default=1)
        def output(self):
            return luigi.LocalTarget(f"{type(self).__name__}-{self.n}.txt")
        def run(self):
            print("printed", self.n)
            logging.getLogger("my.own").warning("logged %d", self.n)
            logging.getLogger("luigi-interface").warning("said to Luigi")
            self.output().open("w").close()
"""
SUCCEEDS = """
    import nightbook

    class Data(luigi.ExternalTask):
        def output(self): return luigi.LocalTarget("data.csv")
    class Uses(Writes):
        def requires(self): return Data()

    class Both(luigi.WrapperTask):
        task_namespace = "shop"
        def requires(self): return {"one": Writes(n=1), "two": Writes(n=2)}
    class Work(NotebookTask):
        def requires(self): return Both()

    class Asks(Writes):
        def run(self):
            yield Writes(n=3)
            yield {"more": [Writes(n=4), Writes(n=5)]}
            super().run()

    class Logs(Writes):
        def run(self):
            nightbook.log_metric("rows", 3)
            super().run()
"""
FAILS = """
    class Fails(luigi.Task):
        retry_count = 2
        def run(self): raise ValueError("no rows")
    class Waits(Writes):
        def requires(self): return Fails()
    class Leaves(luigi.Task):
        def run(self): sys.exit("left")

    class Data(luigi.ExternalTask):
        def output(self): return luigi.LocalTarget("nowhere.csv")
    class Asks(luigi.Task):
        def run(self): yield Data()

    class Slow(luigi.Task):
        resources = {"gpu": 1}
        priority = 5
        timeout_s = 1
        def run(self):
            print("begun", flush=True)
            time.sleep(600)

    class Killed(luigi.Task):
        retry_count = 2
        def run(self): os.kill(os.getpid(), 9)

    class Work(NotebookTask):
        def requires(self): return {"one": Writes(n=1), "two": Writes(n=2)}
        def run(self):
            super().run()
            raise ValueError("afterwards")
"""
COMPLETE_BEFORE = "Writes(n=7)"
PIPELINES = {
    "all tasks succeed": (SUCCEEDS, f"Writes(), {COMPLETE_BEFORE}, Uses(), Work(), Asks(), Logs()"),
    "tasks fail": (FAILS, "Writes(), Waits(), Leaves(), Asks(), Slow(), Killed(), Work()"),
}


def prepared(project: Project, classes: str, tasks: str) -> Project:
    root = f"    class Root(Pipeline):\n        def requires(self):\n            return [{tasks}]\n"
    project.pipeline(f"{WRITES.rstrip()}\n{classes.rstrip()}\n{root}")
    project.notebook("work", "print(len(inputs))", parameters="inputs = {}")
    (project.path / "data.csv").touch()
    (project.path / "Writes-7.txt").touch()
    return project


def what_is_recorded(project: Project) -> dict[str, object]:
    """All that a record says, but for times, paths and process ids."""
    run = project.record()
    assert run.problems == ()
    assert (project.runs[-1] / "luigi.log").is_file()
    assert (project.runs[-1] / "report" / "summary.md").is_file()
    tasks = {
        task.task_id: (
            replace(task, attempts=()),
            [
                (attempt.outcome, attempt.error and attempt.error.last_line, printed(project, attempt.folder))
                for attempt in task.attempts
            ],
            task.metrics,
        )
        for task in run.tasks
    }
    return {"outcome": run.outcome, "pipeline": run.pipeline, "entry_point": run.entry_point, "tasks": tasks}


def printed(project: Project, attempt: Path | str) -> str | None:
    file = project.runs[-1] / attempt / "output.log"
    return file.read_text() if file.exists() else None


@pytest.mark.promise("The record is the same with Luigi's own command and in a container.")
@pytest.mark.parametrize("pipeline", PIPELINES)
def test_the_record_is_the_same(
    project: Project, tmp_path_factory: pytest.TempPathFactory, pipeline: str
) -> None:
    one = prepared(project, *PIPELINES[pipeline])
    other = Project(tmp_path_factory.mktemp("luigi") / "project")
    shutil.copytree(one.path, other.path)

    done = one.run("--workers", "2")
    luigi = other.luigi("--local-scheduler", "--no-lock", "--workers", "2")

    assert bool(done.returncode) == bool(luigi.returncode) == ("fail" in pipeline), luigi.stderr
    assert what_is_recorded(one) == what_is_recorded(other)


def test_luigis_own_lines_are_on_the_terminal_and_in_its_log_alone(project: Project) -> None:
    prepared(project, "", "Writes()")

    done = project.luigi("--local-scheduler", "--no-lock")

    assert done.returncode == 0, done.stderr
    assert printed(project, "tasks/writes/n=1/attempt-01") == "printed 1\nlogged 1\n"
    assert "WARNING: said to Luigi" in done.stderr
    assert "running   Writes(n=1)" in done.stderr
    log = (project.runs[-1] / "luigi.log").read_text()
    assert "said to Luigi" in log
    assert "DEBUG" not in log


def test_the_tasks_are_checked_before_the_run(project: Project) -> None:
    classes = """
    class Data(luigi.ExternalTask):
        def output(self): return luigi.LocalTarget("nowhere.csv")
    class Greedy(luigi.Task):
        resources = {"gpu": 2}
        worker_timeout = 5
    """
    prepared(project, classes, "Data(), Greedy()")

    done = project.luigi("--local-scheduler", "--no-lock")
    same = project.run()

    assert done.returncode == same.returncode == 2
    assert same.stderr in done.stderr
    assert len(same.stderr.splitlines()) == 3
    assert "Traceback" not in done.stderr
    assert project.runs == []


@pytest.mark.parametrize("command", ["nightbook", "luigi"])
def test_a_task_process_context_of_ones_own_has_its_effect(project: Project, command: str) -> None:
    prepared(project, "", "Writes(), Writes(n=2), Writes(n=3)")
    (project.path / "contexts.py").write_text(
        "class Context:\n"
        "    def __init__(self, process): self.task = process.task\n"
        "    def __enter__(self):\n"
        "        print('opened')\n"
        "        if self.task.n == 2: raise ValueError('the context')\n"
        "    def __exit__(self, *error):\n"
        "        print('closed')\n"
        "        if self.task.n == 3: raise ValueError('too late')\n"
    )
    with (project.path / "luigi.cfg").open("a") as file:
        file.write("\n[worker]\ntask_process_context = contexts.Context\n")

    done = project.run() if command == "nightbook" else project.luigi("--local-scheduler", "--no-lock")

    assert done.returncode != 0
    run = project.record()
    assert run.task("writes/n=1").outcome is Outcome.SUCCESS
    assert printed(project, "tasks/writes/n=1/attempt-01") == "opened\nprinted 1\nlogged 1\nclosed\n"
    error = run.task("writes/n=2").attempts[-1].error
    assert error is not None
    assert error.last_line == "ValueError: the context"
    assert run.task("writes/n=3").outcome is Outcome.SUCCESS
    assert "ValueError: too late" in str(printed(project, "tasks/writes/n=3/attempt-01"))


def test_ctrl_c_ends_the_run_and_its_record(project: Project) -> None:
    prepared(project, "    class Sleeps(luigi.Task):\n        def run(self): time.sleep(600)\n", "Sleeps()")
    process = project.start_python(
        "-m", "luigi", "--module", "pipe", "Root", "--local-scheduler", "--no-lock", PYTHONPATH="."
    )
    wait_for(lambda: list(project.path.glob("runs/*/tasks/sleeps/attempt-01")) != [], "the task has begun")

    process.send_signal(signal.SIGINT)

    done = ended(process)
    assert done.returncode == 130
    assert "Traceback" not in done.stderr
    assert project.record().outcome is Outcome.INTERRUPTED
    wait_for(lambda: not processes_of(project.path), "no process is left", timeout_s=30)


def test_a_program_that_builds_tasks_has_the_exception(project: Project) -> None:
    prepared(project, "", "Writes")
    code = (
        "import luigi, pipe\nfrom nightbook.pipeline.code.entry_point import PipelineError\n"
        "try: luigi.build([pipe.Root()], local_scheduler=True)\n"
        "except PipelineError as error: print('refused:', error)\n"
    )

    done = ended(project.start_python("-c", code))

    assert done.returncode == 0, done.stderr
    assert "refused: Root.requires() names the class Writes" in done.stdout
