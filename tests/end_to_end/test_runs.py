"""Whole runs by the command line: what succeeds, fails, is retried, killed and resumed."""

import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.luigid import answers
from tests.support.project import Project, kill, processes_of, wait_for

FAN_OUT = """
    class Make(NotebookTask):
        retry_count = 3
        timeout_s = 300
        size = luigi.IntParameter()

    class Use(NotebookTask):
        timeout_s = 300

        def requires(self):
            return {"made": [self.clone(Make, size=size) for size in (1, 2)]}

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Use)]
"""


@pytest.fixture
def fan_out(project: Project) -> Project:
    project.pipeline(FAN_OUT)
    project.notebook(
        "make",
        """
        if size == 2 and nightbook.active_attempt().number == 1:
            raise ValueError("the first attempt")
        """,
        """
        (output_dir / "data.txt").write_text("x" * size)
        nightbook.log_metric("size", size)
        """,
        parameters="size = 1\noutput_dir = nightbook.scratch_dir()",
    )
    project.notebook(
        "use",
        'nightbook.log_metric("total", sum(len((made / "data.txt").read_text()) for made in inputs["made"]))',
        parameters='inputs = {"made": nightbook.newest_outputs("make")}',
    )
    return project


def check_fan_out(project: Project) -> None:
    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert run.problems == ()
    assert {task.task_id: [a.outcome.value for a in task.attempts] for task in run.tasks} == {
        "make/size=1": ["success"],
        "make/size=2": ["failure", "success"],
        "use": ["success"],
    }
    assert run.task("use").metrics == {"total": 3}
    assert run.task("use").depends_on == ("make/size=1", "make/size=2")
    for task in run.tasks:
        for attempt in task.attempts:
            assert (project.runs[-1] / attempt.notebook).is_file()
            assert (project.runs[-1] / attempt.html).is_file()


def test_a_run_is_recorded_and_told_line_by_line(fan_out: Project) -> None:
    done = fan_out.run("--workers", "2")

    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    check_fan_out(fan_out)
    lines = done.stdout.splitlines()
    assert any(
        "make/size=2: attempt 1, " in line and "ValueError: the first attempt" in line for line in lines
    )
    assert any(line.endswith(" cells") and "use: attempt 1 starts, " in line for line in lines)
    assert any("use: attempt 1: cell 3/3, " in line for line in lines)
    assert lines[-1] == f"success: the record is in runs/{fan_out.runs[-1].name}"
    assert sorted(file.name for file in (fan_out.runs[-1] / "report").iterdir()) == [
        "dag.mmd",
        "gantt.mmd",
        "summary.md",
    ]


def test_luigis_own_command_makes_the_same_record(fan_out: Project) -> None:
    done = fan_out.luigi("--local-scheduler", "--workers", "2")

    assert done.returncode == 0, done.stderr
    check_fan_out(fan_out)
    assert (fan_out.runs[-1] / "report" / "summary.md").is_file()


@pytest.mark.parametrize("command", ["tasks", "luigi"])
def test_a_running_luigid_hands_out_the_work(fan_out: Project, unused_tcp_port: int, command: str) -> None:
    """It knows nothing of this project: a forker who wants Luigi's own daemon configures it."""
    with (fan_out.path / "luigi.cfg").open("a") as config:
        config.write("\n[scheduler]\nretry_delay = 1\nprune_on_get_work = true\n")
    luigid = subprocess.Popen(
        [Path(sys.executable).with_name("luigid"), "--address", "127.0.0.1", "--port", str(unused_tcp_port)],
        cwd=fan_out.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        url = f"http://127.0.0.1:{unused_tcp_port}"
        wait_for(lambda: answers(url), "luigid answers", timeout_s=30)
        if command == "tasks":
            done = fan_out.run("--workers", "2", "--scheduler", url)
        else:
            done = fan_out.luigi("--scheduler-url", url, "--workers", "2")
    finally:
        luigid.kill()
        luigid.wait()

    assert done.returncode == 0, done.stderr
    check_fan_out(fan_out)


@pytest.mark.promise("A failed attempt stays in the record beside the one that succeeds.")
def test_a_failed_run_keeps_everything_and_is_resumed(project: Project) -> None:
    project.chain("first", "second", "third", class_body="timeout_s = 300\nretry_count = 2")
    project.notebook("first", 'nightbook.log_metric("done", 1)')
    project.notebook("second", 'print("so far")', "raise KeyError('missing')")
    project.notebook("third", "1")

    failed = project.run()

    assert failed.returncode == 1
    run = project.record()
    outcomes = [(task.task_id, task.outcome, len(task.attempts)) for task in run.tasks]
    assert run.outcome is Outcome.FAILURE
    assert outcomes == [
        ("first", Outcome.SUCCESS, 1),
        ("second", Outcome.FAILURE, 2),
        ("third", Outcome.NOT_RUN, 0),
    ]
    last = run.task("second").attempts[-1]
    assert "so far" in (project.runs[-1] / last.notebook).read_text()
    assert "KeyError" in (project.runs[-1] / last.html).read_text()
    told = failed.stdout.splitlines()
    assert told[-2] == "not run: third, waits for second"
    assert f"resume {run.run_id}" in told[-1]
    assert "second failed in attempt 2 of 2: KeyError: 'missing'" in told
    assert "second failed in attempt 2 of 2: KeyError: 'missing'" in project.nightbook("show").stdout

    project.notebook("second", "1")
    resumed = project.nightbook("resume")

    assert resumed.returncode == 0, resumed.stderr
    run = project.record()
    assert len(project.runs) == 1
    assert (run.outcome, run.invocations) == (Outcome.SUCCESS, 2)
    assert [(task.task_id, len(task.attempts)) for task in run.tasks] == [
        ("first", 1),
        ("second", 3),
        ("third", 1),
    ]
    assert project.nightbook("resume").returncode == 0
    assert [len(task.attempts) for task in project.record().tasks] == [1, 3, 1]


@pytest.mark.promise("A run that was killed can be resumed, and does not repeat what had succeeded.")
def test_a_killed_run_leaves_no_process_and_is_resumed(project: Project) -> None:
    project.pipeline("""
        class Quick(NotebookTask):
            timeout_s = 300

        class Slow(NotebookTask):
            timeout_s = 300

            def requires(self):
                return {"quick": self.clone(Quick)}

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Slow)]
    """)
    project.notebook("quick", "1")
    project.notebook(
        "slow",
        'nightbook.log_metric("progress", 0.5)',
        """
        import pathlib, subprocess, time
        if nightbook.active_attempt().number == 1:
            subprocess.Popen(["sleep", "600"])
            subprocess.Popen(["sleep", "600"], start_new_session=True)
            pathlib.Path("begun").touch()
            time.sleep(600)
        """,
    )
    begun = project.path / "notebooks" / "begun"

    process = project.start("run", "--pipeline", "pipe:Root", "--workers", "2")
    wait_for(begun.exists, "the slow notebook begins")
    kill(process)

    wait_for(lambda: processes_of(project.path) == [], "all processes end", timeout_s=30)
    run = project.record()
    assert run.outcome is Outcome.INTERRUPTED
    assert run.task("slow").outcome is Outcome.INTERRUPTED
    assert run.task("slow").metrics == {"progress": 0.5}
    assert project.nightbook("report").returncode == 0
    assert "interrupted" in (project.runs[-1] / "report" / "summary.md").read_text()
    page = (project.runs[-1] / run.task("slow").attempts[0].html).read_text()
    assert "progress" in page

    resumed = project.nightbook("resume", run.run_id)

    assert resumed.returncode == 0, resumed.stderr
    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert [len(task.attempts) for task in run.tasks] == [1, 2]


@pytest.mark.promise("The first signal ends a run, and its record says that it was interrupted.")
def test_ctrl_c_ends_the_run_and_its_kernels(project: Project) -> None:
    project.single()
    project.notebook("work", 'import pathlib, time\npathlib.Path("begun").touch()\ntime.sleep(600)')

    process = project.start("run", "--pipeline", "pipe:Root")
    wait_for((project.path / "notebooks" / "begun").exists, "the notebook begins")
    process.terminate()
    output, errors = process.communicate(timeout=30)

    assert process.returncode == 130
    assert f"resume {project.runs[-1].name}" in output
    assert errors == ""
    assert processes_of(project.path) == []
    assert project.record().outcome is Outcome.INTERRUPTED
    assert (project.runs[-1] / "report" / "summary.md").is_file()


@pytest.mark.promise("A process that dies is one failed attempt, whose reason is told.")
def test_a_killed_task_process_is_counted_once(project: Project) -> None:
    """Luigi's own worker starts such a task up to 7 times, with copies running at once."""
    project.single("timeout_s = 300\nretry_count = 4")
    project.notebook(
        "work",
        """
        import pathlib, psutil, time
        task = psutil.Process().parent()
        if "nightbook.execution.warm_kernels" in task.cmdline():  # whose parent has started the task last
            task = max(task.parent().children(), key=lambda process: process.create_time())
        log = pathlib.Path("starts.txt")
        with log.open("a") as file:
            file.write(f"start {nightbook.active_attempt().number} {time.time_ns()}\\n")
        if nightbook.active_attempt().number < 4:
            task.kill()
            time.sleep(600)
        """,
    )

    done = project.run("--workers", "3")

    assert done.returncode == 0, done.stdout
    attempts = project.record().task("work").attempts
    assert [attempt.outcome.value for attempt in attempts] == ["interrupted"] * 3 + ["success"]
    assert all(before.end_ns <= after.start_ns for before, after in pairwise(attempts))
    starts = (project.path / "notebooks" / "starts.txt").read_text().splitlines()
    assert [line.split()[1] for line in starts] == ["1", "2", "3", "4"]


def test_many_small_notebooks_run_side_by_side(project: Project) -> None:
    project.pipeline("""
        class Tiny(NotebookTask):
            timeout_s = 300
            number = luigi.IntParameter()

        class Root(Pipeline):
            def requires(self):
                return [self.clone(Tiny, number=number) for number in range(50)]
    """)
    project.notebook("tiny", 'nightbook.log_metric("number", number)', parameters="number = 0")

    done = project.run("--workers", "8")

    assert done.returncode == 0, done.stdout[-2000:]
    run = project.record()
    assert [task.metrics["number"] for task in run.tasks] == list(range(50))
    assert [len(task.attempts) for task in run.tasks] == [1] * 50


def test_parameters_and_bounds_reach_the_notebook(project: Project) -> None:
    project.pipeline("""
        class Work(NotebookTask):
            timeout_s = 300
            num_cpus = 2
            text = luigi.Parameter(default="it's <b>")
            day = luigi.DateParameter(default=__import__("datetime").date(2026, 11, 23))
            sizes = luigi.ListParameter(default=(1, 2))
            hidden = luigi.Parameter(default="not for the notebook", significant=False)

        class Root(Pipeline):
            flavour = luigi.Parameter(default="plain")

            def requires(self):
                return [self.clone(Work)]
    """)
    project.notebook(
        "work",
        'nightbook.log_params({"text": text, "day": day, "sizes": sizes})',
        "import os\nnightbook.log_value('threads', os.environ['OMP_NUM_THREADS'])",
        parameters="text = ''\nday = ''\nsizes = []",
    )

    assert project.run("--set", "flavour=odd").returncode == 0

    run = project.record()
    (task,) = run.tasks
    values = {value.name: value.value for value in task.attempts[0].values}
    assert values == {"text": "it's <b>", "day": "2026-11-23", "sizes": [1, 2], "threads": "2"}
    assert run.parameters["flavour"] == "odd"
    assert task.num_cpus == 2
    assert os.sep not in task.task_id.partition("/")[2]


@pytest.mark.promise("No process that a run has started outlives it, however the run ends.")
def test_what_a_notebook_leaves_running_ends_with_the_run(project: Project) -> None:
    project.single()
    project.notebook("work", 'import subprocess\nsubprocess.Popen(["sleep", "600"], start_new_session=True)')

    assert project.run().returncode == 0
    assert processes_of(project.path) == []


@pytest.mark.promise("An output is published whole, after its attempt has succeeded, or not at all.")
def test_an_output_that_cannot_be_published_is_a_failure(project: Project) -> None:
    project.single()
    project.notebook("work", "output_dir.rmdir()", parameters="output_dir = nightbook.scratch_dir()")

    done = project.run()

    assert done.returncode == 1
    attempt = project.record().task("work").attempts[0]
    assert attempt.outcome is Outcome.FAILURE
    assert attempt.error is not None
    assert attempt.error.type == "FileNotFoundError"


def test_a_reader_that_goes_away_does_not_end_the_run(project: Project) -> None:
    project.single()
    project.notebook("work", "import time\ntime.sleep(2)", "1")

    process = project.start("run", "--pipeline", "pipe:Root")
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    process.wait(60)

    assert project.record().outcome is Outcome.SUCCESS


def test_a_lone_task_of_luigis_own_command_is_a_pipeline(project: Project) -> None:
    project.single()
    project.notebook("work")

    done = project.luigi_task("Work", "--local-scheduler", "--no-lock")

    assert done.returncode == 0, done.stderr
    assert project.record().pipeline == "work"
    assert project.record().task("work").outcome is Outcome.SUCCESS


def test_many_values_and_a_large_file_are_recorded(project: Project) -> None:
    project.single()
    project.notebook(
        "work",
        'for step in range(10_000):\n    nightbook.log_metric("loss", 1 / (step + 1), step=step)',
        """
        with (output_dir / "large.bin").open("wb") as file:
            file.truncate(200_000_000)
        nightbook.log_artifact(output_dir / "large.bin")
        """,
        parameters="output_dir = nightbook.scratch_dir()",
    )

    assert project.run().returncode == 0
    attempt = project.record().task("work").attempts[0]
    assert [value.step for value in attempt.values] == list(range(10_000))
    assert attempt.artifacts[0].size_bytes == 200_000_000
