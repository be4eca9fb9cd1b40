"""Our own luigid: what it counts, and what it says when it cannot be served."""

import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from project import Project, kill, wait_for
from tasks.runlog.model import Outcome


@pytest.fixture
def scheduler(project: Project, unused_tcp_port: int) -> Iterator[str]:
    """The URL of a running ``python -m tasks scheduler``."""
    url = f"http://127.0.0.1:{unused_tcp_port}"
    process = subprocess.Popen(
        [sys.executable, "-m", "tasks", "scheduler", "--port", str(unused_tcp_port)],
        cwd=project.path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    wait_for(lambda: answers(url), "the scheduler answers", timeout_s=30)
    yield url
    kill(process)


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5):
            return True
    except urllib.error.URLError:
        return False


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
    resumed = project.tasks("resume", "--scheduler", scheduler)

    assert resumed.returncode == 0, resumed.stdout
    assert len(project.record().task("work").attempts) == 2


def test_a_port_that_is_in_use(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = project.tasks("scheduler", "--port", str(port))

    assert done.returncode == 2
    assert f"error: port {port} of 127.0.0.1 is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_written(project: Project) -> None:
    (project.path / "runs").mkdir()
    (project.path / "runs" / ".luigid").touch()

    done = project.tasks("scheduler")

    assert done.returncode == 2
    assert "error: the scheduler cannot write to " in done.stderr
    assert "Traceback" not in done.stderr
