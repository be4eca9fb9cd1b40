"""Our own luigid: what it counts, and what it says when it cannot be served."""

import socket
import subprocess

import pytest

from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.reader import read_run
from tests.support.luigid import Scheduler
from tests.support.project import Project, kill, wait_for


@pytest.fixture
def scheduler(luigid: Scheduler) -> str:
    """The URL of a running scheduler."""
    return luigid.url


def test_a_failing_task_gets_as_many_attempts_as_it_may(project: Project, scheduler: str) -> None:
    """Luigi's own worker makes luigid forget the number when it tells of a tracking URL."""
    project.single("timeout_s = 300\nretry_count = 2")
    project.notebook("work", "raise ValueError('always')")

    done = project.run("--scheduler", scheduler)

    assert (done.returncode, done.stderr) == (1, "")
    outcomes = [attempt.outcome for attempt in project.record().task("work").attempts]
    assert outcomes == [Outcome.FAILURE, Outcome.FAILURE]


def test_a_resumed_run_may_try_again_what_failed_for_good(project: Project, scheduler: str) -> None:
    project.single()
    project.notebook("work", "raise ValueError('not yet')")
    assert project.run("--scheduler", scheduler).returncode == 1

    project.notebook("work", "1")
    resumed = project.nightbook("resume", "--scheduler", scheduler)

    assert resumed.returncode == 0, resumed.stdout
    assert len(project.record().task("work").attempts) == 2


def test_a_task_that_is_done_may_be_run_again_at_once(project: Project, scheduler: str) -> None:
    project.single()
    project.notebook("work", "1")
    assert project.run("--scheduler", scheduler).returncode == 0

    again = project.nightbook("resume", "--rerun", "work", "--scheduler", scheduler)

    assert again.returncode == 0, again.stdout + again.stderr
    assert len(project.record().task("work").attempts) == 2


def test_a_task_of_luigis_own_is_tried_again_by_the_next_run(project: Project, scheduler: str) -> None:
    project.pipeline("""
        class Plain(luigi.Task):
            def output(self):
                return luigi.LocalTarget("plain.txt")
            def run(self):
                open("mended").close()
                self.output().open("w").close()

        class Root(Pipeline):
            def requires(self):
                return Plain()
    """)
    assert project.run("--scheduler", scheduler).returncode == 1
    assert [attempt.outcome for attempt in project.record().task("plain").attempts] == [Outcome.FAILURE]
    (project.path / "mended").touch()

    again = project.run("--scheduler", scheduler)

    assert again.returncode == 0, again.stdout + again.stderr
    assert [attempt.outcome for attempt in project.record().task("plain").attempts] == [Outcome.SUCCESS]


WAITING = """
import pathlib, time
pathlib.Path("begun").touch()
# %%
while not pathlib.Path("go").exists():
    time.sleep(0.05)
# %%
1
# %%
2
# %%
3
"""


def test_the_page_shows_how_far_a_notebook_is_and_where_it_is(project: Project, luigid: Scheduler) -> None:
    project.single("timeout_s = 300\nsize = luigi.IntParameter(default=600)")
    project.notebook("work", WAITING, parameters="size = 0")
    run = project.start("run", "--pipeline", "pipe:Root", "--scheduler", luigid.url)
    wait_for(lambda: "while" in str(luigid.running()[1].get("status_message")), "the loop", timeout_s=60)
    task_id, shown = luigid.running()
    luigid_knows = luigid.ask("get_task_progress_percentage", task_id=task_id)
    (project.path / "notebooks" / "go").touch()
    assert run.wait(60) == 0

    assert shown["params"] == {"run_id": project.runs[0].name, "size": "600"}
    assert shown["status_message"].startswith("attempt 1, 3 of 7 cells\n\nwhile not pathlib.Path")
    assert luigid_knows["progressPercentage"] == 42
    url = f"http://localhost:8000/runs/{project.runs[0].name}/tasks/work/size%3D600/attempt-01/"
    assert shown["tracking_url"] == url


REPORTING = """
import pathlib, time
nightbook.progress(30, 100, "epoch 3")
while not pathlib.Path("go").exists():
    time.sleep(0.05)
"""


def test_the_page_shows_what_a_notebook_says_about_its_progress(project: Project, luigid: Scheduler) -> None:
    project.single()
    project.notebook("work", REPORTING)
    run = project.start("run", "--pipeline", "pipe:Root", "--scheduler", luigid.url)
    wait_for(lambda: "30 of 100" in str(luigid.running()[1].get("status_message")), "30 of 100", timeout_s=60)
    task_id, shown = luigid.running()
    percentage = (100 + 30) // 2  # a cell and a part of the second
    wait_for(
        lambda: (
            luigid.ask("get_task_progress_percentage", task_id=task_id)["progressPercentage"] == percentage
        ),
        "the percentage",
        timeout_s=60,
    )
    (project.path / "notebooks" / "go").touch()
    assert run.wait(60) == 0

    assert "of 2 cells\n30 of 100 · epoch 3\n\n" in shown["status_message"]


def test_a_notebook_does_not_wait_for_a_scheduler_that_is_away(project: Project, luigid: Scheduler) -> None:
    """Luigi's own calls are tried for half a minute, which was waited for at each cell."""
    project.single("timeout_s = 60")
    project.notebook("work", WAITING)
    run = project.start("run", "--pipeline", "pipe:Root", "--scheduler", luigid.url)
    wait_for((project.path / "notebooks" / "begun").exists, "the notebook begins")

    luigid.kill()
    (project.path / "notebooks" / "go").touch()
    ended = project.runs[0] / "tasks" / "work" / "output"
    wait_for(ended.exists, "the notebook ends", timeout_s=90)
    luigid.start()

    assert run.wait(120) == 0
    assert [attempt.outcome for attempt in project.record().task("work").attempts] == [Outcome.SUCCESS]


SHARED = """
    class Work(NotebookTask):
        number = luigi.IntParameter()
        timeout_s = 300
        retry_count = 2

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Work, number=number) for number in range(6)]
"""

# Fails the first time, and takes so long that others are asked for help.
HELPED = """
import os, time
nightbook.log_param("who", os.environ.get("WHO", "run"))
time.sleep(1)
if not os.path.exists(f"failed-{number}"):
    open(f"failed-{number}", "w").close()
    raise ValueError("the first time")
"""


def who_did(run: Run) -> set[object]:
    """The processes that made the attempts of a run."""
    attempts = [attempt for task in run.tasks for attempt in task.attempts]
    return {value.value for attempt in attempts for value in attempt.values}


def check_own_work(run: Run) -> None:
    """Check that the run's own process made exactly the attempts that it would have made alone."""
    assert who_did(run) == {"run"}
    expected = [Outcome.FAILURE, Outcome.SUCCESS]
    assert [[attempt.outcome for attempt in task.attempts] for task in run.tasks] == [expected] * 6


def start_worker(project: Project, luigid: Scheduler) -> subprocess.Popen[str]:
    """Start a worker, and wait until it asks for work."""
    known = len(luigid.ask("worker_list"))
    worker = project.start("work", "--scheduler", luigid.url, "--workers", "2", WHO="worker")
    wait_for(lambda: len(luigid.ask("worker_list")) > known, "the worker asks for work")
    return worker


def test_a_worker_takes_tasks_of_its_own_code(project: Project, luigid: Scheduler) -> None:
    project.pipeline(SHARED)
    project.notebook("work", HELPED, parameters="number = 0")
    worker = start_worker(project, luigid)

    done = project.run("--scheduler", luigid.url, "--workers", "1")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "worker" in who_did(project.record())
    assert worker.poll() is None
    kill(worker)


@pytest.mark.promise("A worker takes no task of other code than its own.")
def test_a_worker_takes_no_task_of_other_code_than_its_own(project: Project, luigid: Scheduler) -> None:
    """It gives back what it was given, uncounted, and stops; the run goes on as it would have alone."""
    project.pipeline(SHARED.replace("retry_count = 2", "retry_count = 1"))
    project.notebook("work", "1", parameters="number = 0")
    workers = [start_worker(project, luigid) for _ in range(2)]
    project.pipeline(SHARED)
    project.notebook("work", HELPED, parameters="number = 0")

    done = project.run("--scheduler", luigid.url, "--workers", "1")

    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    for worker in workers:
        _, told = worker.communicate(timeout=60)
        assert worker.returncode == 0
        assert f"note: run {run.run_id} has other code than this worker" in told
        assert "restart the worker" in told
    check_own_work(run)


def test_a_worker_of_an_old_image_takes_no_task_of_a_run_that_goes_on(
    project: Project, luigid: Scheduler
) -> None:
    """Neither the change nor the run has to come after the worker's start; its code may lack the class."""
    project.pipeline(SHARED)
    project.notebook("work", HELPED, parameters="number = 0")
    run = project.start("run", "--pipeline", "pipe:Root", "--scheduler", luigid.url, "--workers", "1")
    wait_for(lambda: bool(luigid.running()[0]), "the first task")
    project.pipeline("class Root(Pipeline):\n    pass\n")
    worker = start_worker(project, luigid)

    _, told = worker.communicate(timeout=60)
    output, _ = run.communicate(timeout=300)

    assert run.returncode == 0, output
    assert f"note: run {project.record().run_id} has other code" in told
    check_own_work(project.record())


def test_two_runs_of_different_code_are_helped_by_workers_of_their_own(
    project: Project, luigid: Scheduler
) -> None:
    project.pipeline(SHARED)
    project.notebook("work", HELPED, parameters="number = 0")
    worker = start_worker(project, luigid)
    first = project.start("run", "--pipeline", "pipe:Root", "--scheduler", luigid.url, "--workers", "1")
    wait_for(lambda: bool(luigid.running()[0]), "the first run's task")
    project.notebook("work", HELPED, "second = True", parameters="number = 0")
    second = project.run("--scheduler", luigid.url, "--workers", "1")
    worker.communicate(timeout=300)
    output, _ = first.communicate(timeout=300)

    assert (first.returncode, second.returncode) == (0, 0), output + second.stdout
    assert who_did(read_run(project.runs[-1])) == {"run"}


@pytest.mark.promise("A scheduler that does not answer, is paused or is lost is told.")
def test_a_paused_scheduler_is_told(project: Project, luigid: Scheduler) -> None:
    project.single()
    project.notebook("work", "1")
    luigid.ask("pause")

    refused = project.run("--scheduler", luigid.url)
    assert project.runs == []
    luigid.ask("unpause")
    done = project.run("--scheduler", luigid.url)

    assert refused.returncode == 2
    assert (
        f"the scheduler is paused: press `Resume` on its page {luigid.url}" in refused.stderr + refused.stdout
    )
    assert done.returncode == 0


def test_a_port_that_is_in_use(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.nightbook("scheduler", "--port", str(port))

    assert done.returncode == 2
    assert f"error: port {port} of 127.0.0.1 is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written(project: Project) -> None:
    (project.path / "runs").mkdir()
    (project.path / "runs" / ".luigid").touch()

    done = project.nightbook("scheduler")

    assert done.returncode == 2
    assert "error: the scheduler cannot write to " in done.stderr
    assert "Traceback" not in done.stderr
