"""`docker compose up` for real: what a run leaves, what survives a kill, and what errors say."""

import os
import socket
import subprocess
import time
import urllib.error
from dataclasses import replace

import pytest

from nightbook.record.format.model import Outcome, Run
from tests.support.containers import Containers, docker
from tests.support.project import Project, wait_for

pytestmark = pytest.mark.xdist_group("docker")

OWNER, GROUP = 54321, 54322
# Each notebook tells where it runs and then waits for the test.
WAITING = """
    class Wait(NotebookTask):
        timeout_s = 120
        retry_count = 3
        number = luigi.IntParameter()

    class Gather(NotebookTask):
        timeout_s = 300

        def requires(self):
            return {"waited": [self.clone(Wait, number=number) for number in range(4)]}

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Gather)]
"""
WAIT = """
    import json, pathlib, socket, time

    attempt = nightbook.active_attempt().number
    line = {"task": f"wait/number={number}", "attempt": str(attempt), "host": socket.gethostname()}
    with pathlib.Path("../runs/started").open("a") as file:
        file.write(json.dumps(line) + "\\n")
    while not pathlib.Path("../runs/go").exists():
        time.sleep(0.1)
"""


@pytest.fixture
def waiting(containers: Containers) -> Containers:
    """A pipeline whose four first notebooks wait for the file ``runs/go``."""
    containers.override()
    containers.pipeline(WAITING)
    containers.notebook("wait", WAIT, parameters="number = 0")
    containers.notebook("gather", 'nightbook.log_metric("done", 1)')
    (containers.path / "runs" / "started").touch()
    return containers


def go_on(containers: Containers) -> None:
    (containers.path / "runs" / "go").touch()


def attempts(project: Project) -> dict[str, list[str]]:
    return {
        task.task_id: [attempt.outcome.value for attempt in task.attempts] for task in project.record().tasks
    }


def test_up_pipeline_leaves_a_record_of_the_runs_owner(containers: Containers) -> None:
    os.chown(containers.path / "runs", OWNER, GROUP)

    done = containers.up_pipeline()

    assert done.returncode == 0, done.stdout
    assert "success: the record is in runs/" in done.stdout
    assert containers.compose("up", "--detach", "scheduler").returncode == 0
    (address,) = containers.published("scheduler")
    assert address == f"127.0.0.1:{containers.ports['scheduler']}->8082/tcp"
    run = containers.record()
    assert (run.outcome, run.problems) == (Outcome.SUCCESS, ())
    assert attempts(containers) == {"work": ["success"]}
    made = [file for file in (containers.path / "runs").rglob("*") if file.name != ".gitkeep"]
    assert {(file.stat().st_uid, file.stat().st_gid) for file in made} == {(OWNER, GROUP)}


@pytest.mark.promise("The record is the same with Luigi's own command and in a container.")
def test_what_is_saved_is_in_the_next_run_whose_record_equals_one_without_containers(
    containers: Containers,
) -> None:
    containers = replace(containers, image=containers.name)
    commit_all(containers)
    containers.notebook("work", 'nightbook.log_metric("done", 2)')
    try:
        done = containers.up_pipeline(PULL_POLICY="build")
        in_container = containers.record()
        containers.nightbook("run", GIT_CONFIG_GLOBAL="/dev/null", PYTHONPATH=str(containers.path))
    finally:
        docker("rmi", "--force", containers.image)

    assert done.returncode == 0, done.stdout
    on_host = containers.record()
    assert on_host.run_id != in_container.run_id
    assert [task.metrics for task in in_container.tasks] == [{"done": 2}]
    assert content(in_container) == content(on_host)
    assert in_container.provenance.revision
    assert in_container.provenance.dirty


def commit_all(project: Project) -> None:
    for command in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "--all"],
        ["-c", "user.name=M", "-c", "user.email=m@example.org", "commit", "--quiet", "--message", "Begin"],
    ):
        subprocess.run(["git", "-C", project.path, *command], check=True)


def content(run: Run) -> dict[str, object]:
    """What must not depend on where a run was made: all but times, ids, and what is installed."""
    origin = run.provenance
    return {
        "run": (run.pipeline, run.outcome, run.entry_point, run.problems),
        "origin": (
            origin.trigger,
            origin.actor,
            origin.revision,
            origin.branch,
            origin.dirty,
            origin.lock_sha256,
        ),
        "tasks": [
            (task.task_id, task.parameters, task.depends_on, task.outcome, task.metrics, task.retry_count)
            for task in run.tasks
        ],
        "attempts": [
            (attempt.number, attempt.outcome, attempt.folder, attempt.cell_count)
            for task in run.tasks
            for attempt in task.attempts
        ],
    }


def test_a_failing_pipeline_ends_non_zero_and_is_resumed(containers: Containers) -> None:
    containers.override()
    containers.notebook("work", "raise ValueError('not today')")

    failed = containers.up_pipeline()

    assert failed.returncode == 1, failed.stdout
    assert "work failed in attempt 1 of 1: ValueError: not today" in failed.stdout

    containers.notebook("work", "1")
    resume = ("nightbook", "resume", "--scheduler", "http://scheduler:8082")
    resumed = containers.compose("run", "--rm", "pipeline", *resume)

    assert resumed.returncode == 0, resumed.stdout
    assert attempts(containers) == {"work": ["failure", "success"]}


@pytest.mark.promise("A worker's container or a scheduler that is killed costs no result.")
def test_a_killed_worker_loses_nothing(waiting: Containers) -> None:
    shared = ("--scale", "worker=3", "--attach", "pipeline", "--exit-code-from", "pipeline")
    up = waiting.start_compose("up", *shared, WORKERS="1")
    wait_for(lambda: len(waiting.started()) == 4, "four notebooks run in four containers")
    workers = waiting.containers("worker")
    assert {start["host"] for start in waiting.started()} == {*workers, *waiting.containers("pipeline")}

    victim = next(start for start in waiting.started() if start["host"] in workers)
    assert docker("kill", victim["host"]).returncode == 0
    go_on(waiting)

    output, _ = up.communicate(timeout=180)
    assert up.returncode == 0, output
    assert "DEBUG" not in waiting.compose("logs", "worker").stdout
    expected = {f"wait/number={number}": ["success"] for number in range(4)}
    expected |= {victim["task"]: ["interrupted", "success"], "gather": ["success"]}
    assert attempts(waiting) == expected
    (again,) = waiting.started()[4:]
    assert (again["task"], again["attempt"]) == (victim["task"], "2")
    assert again["host"] != victim["host"]


@pytest.mark.promise("A worker's container or a scheduler that is killed costs no result.")
def test_a_killed_scheduler_loses_nothing(waiting: Containers) -> None:
    up = waiting.compose("up", "--detach", "--scale", "worker=1", WORKERS="2")
    assert up.returncode == 0, up.stdout
    wait_for(lambda: len(waiting.started()) == 4, "four notebooks run in two containers")

    assert docker("kill", *waiting.containers("scheduler")).returncode == 0
    go_on(waiting)
    time.sleep(4)  # the notebooks end while there is no scheduler
    assert waiting.compose("up", "--detach", "scheduler").returncode == 0

    assert waiting.wait("pipeline") == 0, waiting.compose("logs", "pipeline").stdout
    expected = {f"wait/number={number}": ["success"] for number in range(4)} | {"gather": ["success"]}
    assert attempts(waiting) == expected
    assert len(waiting.started()) == 4
    assert waiting.record().invocations == 1


@pytest.mark.promise("A scheduler that does not answer, is paused or is lost is told.")
def test_a_scheduler_lost_for_good_is_told_and_the_run_is_resumed(waiting: Containers) -> None:
    up = waiting.compose("up", "--detach", "pipeline", WORKERS="4")
    assert up.returncode == 0, up.stdout
    wait_for(lambda: len(waiting.started()) == 4, "four notebooks run")

    assert docker("kill", *waiting.containers("scheduler")).returncode == 0
    go_on(waiting)

    assert waiting.wait("pipeline") == 2
    logs = waiting.compose("logs", "pipeline").stdout
    assert "the scheduler at http://scheduler:8082 was lost: start it again, then" in logs
    assert "Traceback" not in logs
    resume = ("nightbook", "resume", "--scheduler", "http://scheduler:8082")
    resumed = waiting.compose("run", "--rm", "pipeline", *resume)
    assert resumed.returncode == 0, resumed.stdout
    assert waiting.record().outcome is Outcome.SUCCESS
    assert {tuple(outcomes)[-1] for outcomes in attempts(waiting).values()} == {"success"}


def test_a_stopped_run_says_how_to_continue(waiting: Containers) -> None:
    for path in (waiting.path / "runs", waiting.path / "runs" / "started"):
        os.chown(path, OWNER, GROUP)
    assert waiting.compose("up", "--detach", "pipeline").returncode == 0
    wait_for(lambda: len(waiting.started()) == 2, "two notebooks run")

    assert waiting.compose("stop", "pipeline").returncode == 0

    assert waiting.wait("pipeline") == 130
    assert (
        "not all tasks were done: continue with `docker compose run --rm pipeline nightbook resume"
        in waiting.compose("logs", "pipeline").stdout
    )
    assert waiting.record().outcome is Outcome.INTERRUPTED


def test_the_scheduler_keeps_its_state_and_its_history(containers: Containers) -> None:
    os.chown(containers.path / "runs", OWNER, GROUP)
    assert containers.up_pipeline().returncode == 0
    run_id = containers.record().run_id
    assert containers.compose("stop", "scheduler").returncode == 0
    assert (containers.path / "runs" / ".luigid" / "state.pickle").is_file()

    assert containers.compose("up", "--detach", "--wait", "scheduler").returncode == 0

    assert run_id in containers.get(
        "scheduler", "/api/task_list?data=%7B%22status%22%3A%22DONE%22%2C%22upstream_status%22%3A%22%22%7D"
    )
    assert "Work" in containers.get("scheduler", "/history")
    # What a kill would bring back is not kept: a run would wait for tasks that ended long ago.
    assert not (containers.path / "runs" / ".luigid" / "state.pickle").exists()


def test_a_taken_port_is_told(containers: Containers) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", containers.ports["scheduler"]))
        taken.listen()
        done = containers.up_pipeline()

    assert done.returncode != 0
    assert f"127.0.0.1:{containers.ports['scheduler']}" in done.stdout
    assert "already in use" in done.stdout or "already allocated" in done.stdout
    assert containers.runs == []


def test_the_site_shows_the_tracker_on_this_machine_only(containers: Containers) -> None:
    assert containers.up_pipeline().returncode == 0
    run_id = containers.record().run_id

    assert containers.compose("up", "--detach", "site").returncode == 0

    wait_for(lambda: run_id in page(containers), "the tracker shows the run")
    assert "Executed notebook" in containers.get("site", f"/runs/{run_id}/tasks/work/attempt-01/")
    assert containers.published("site") == [f"127.0.0.1:{containers.ports['site']}->8000/tcp"]


def page(containers: Containers) -> str:
    """The tracker's home page; empty while it is not served."""
    try:
        return containers.get("site", "/")
    except (urllib.error.URLError, ConnectionError):
        return ""
