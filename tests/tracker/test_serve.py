"""`make serve` as a person uses it: pages follow the run, one Ctrl-C ends it all."""

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from tests.support.project import REPOSITORY, TIMEOUT_S, Project, kill, processes_of, wait_for

pytestmark = pytest.mark.xdist_group("tracker")

WAITING = """
    import pathlib, time
    pathlib.Path("begun").touch()
    while not pathlib.Path("go").exists():
        time.sleep(0.05)
"""


class Server:
    """A running ``nightbook serve`` of a project's records."""

    def __init__(self, project: Project, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}/"
        self.log = project.path / "serve.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command(port),
                cwd=project.path,
                env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )

    def get(self, place: str) -> str:
        """What is served there; empty while it is not."""
        try:
            with urllib.request.urlopen(self.address + place, timeout=TIMEOUT_S) as response:
                text: str = response.read().decode()
                return text
        except urllib.error.URLError:
            return ""

    def outcomes(self) -> list[str]:
        text = self.get("api/runs.json")
        return [run["outcome"] for run in json.loads(text)["runs"]] if text else []


def command(port: int) -> list[str]:
    folders = [
        "--runs",
        "runs",
        "--output",
        "runs/.site/output",
        "--cache",
        "runs/.site/cache",
        "--site",
        str(REPOSITORY / "site"),
    ]
    return [sys.executable, "-m", "nightbook", "serve", "--port", str(port), *folders]


@pytest.fixture
def server(project: Project, unused_tcp_port: int) -> Iterator[Server]:
    server = Server(project, unused_tcp_port)
    yield server
    kill(server.process)


def test_pages_follow_a_run_and_ctrl_c_ends_it_all(server: Server, project: Project) -> None:
    wait_for(lambda: "No run is recorded yet" in server.get(""), "the site is served", timeout_s=120)
    project.single()
    project.notebook("work", WAITING)

    run = project.start("run", "--pipeline", "pipe:Root")
    wait_for((project.path / "notebooks" / "begun").exists, "the notebook begins", timeout_s=120)
    wait_for(lambda: server.outcomes() == ["running"], "the run is shown as running", timeout_s=120)
    attempt = f"runs/{project.runs[0].name}/tasks/work/attempt-01/"
    wait_for(lambda: "when the attempt has ended" in server.get(attempt), "its page", timeout_s=120)
    (project.path / "notebooks" / "go").touch()
    assert run.wait(TIMEOUT_S) == 0
    wait_for(lambda: server.outcomes() == ["success"], "the run is shown as ended", timeout_s=120)
    assert "<iframe" in server.get(attempt)

    os.killpg(server.process.pid, signal.SIGINT)
    assert server.process.wait(TIMEOUT_S) == 0, server.log.read_text()
    assert processes_of(project.path) == []
    assert "Traceback" not in server.log.read_text()


def test_a_taken_port_is_an_error_that_names_another(server: Server, project: Project) -> None:
    wait_for(lambda: "the tracker is on" in server.log.read_text(), "it serves", timeout_s=120)
    port = int(server.address.rpartition(":")[2].strip("/"))
    second = subprocess.run(
        command(port),
        cwd=project.path,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 2
    taken = f"error: cannot serve on port {port}: Address already in use. Choose another with --port"
    assert second.stderr == f"{taken}\n"


PRINTING = """
    import pathlib, time
    print("<b>10 images</b>\\x1b[31m")
    nightbook.progress(37, 100, "epoch 3")
    while not pathlib.Path("go").exists():
        time.sleep(0.05)
"""


def test_a_running_attempt_shows_what_it_has_printed_and_how_far_it_is(
    server: Server, project: Project
) -> None:
    project.single()
    project.notebook("work", PRINTING)
    run = project.start("run", "--pipeline", "pipe:Root")
    wait_for(lambda: bool(project.runs), "the run begins", timeout_s=120)
    attempt = f"runs/{project.runs[0].name}/tasks/work/attempt-01/"
    wait_for(lambda: "10 images" in server.get(attempt), "its output", timeout_s=120)
    page = server.get(attempt)
    (project.path / "notebooks" / "go").touch()
    assert run.wait(TIMEOUT_S) == 0
    wait_for(lambda: server.outcomes() == ["success"], "the run is shown as ended", timeout_s=120)

    assert "&lt;b&gt;10 images&lt;/b&gt;\n</code>" in page
    assert '<progress max="1" value="0.3700"' in page
    assert "37 of 100 · epoch 3" in page
    assert "Output so far" not in server.get(attempt)
