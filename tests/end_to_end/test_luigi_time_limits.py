"""A task of Luigi's own may declare ``timeout_s``: its process is killed, and the outcome is a timeout."""

import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project, processes_of, wait_for

SLOW = """
    import re, signal, subprocess, time

    class Slow(luigi.Task):
        timeout_s = {timeout_s}
        {body}
        def output(self):
            return luigi.LocalTarget("slow.txt")
        def run(self):
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            print("begun", flush=True)
            {code}
            self.output().open("w").close()

    @Slow.event_handler(luigi.Event.TIMEOUT)
    def note(task, message):
        open("event", "a").write(message)

    class Root(Pipeline):
        def requires(self):
            return Slow()
"""


@pytest.mark.promise("An attempt ends at its deadline, whatever it does.")
@pytest.mark.parametrize(
    "code",
    [
        "time.sleep(600)",
        "re.match('(a+)+$', 'a' * 64 + 'b')",  # holds the interpreter
        "subprocess.run(['sh', '-c', 'trap : TERM; sleep 600; sleep 600'])",
    ],
)
def test_a_task_is_killed_when_its_time_is_over(project: Project, code: str) -> None:
    project.pipeline(SLOW.format(timeout_s=0.5, body="retry_count = 2", code=code))

    done = project.run()

    assert done.returncode == 1
    message = "the task was stopped after timeout_s = 0.5 seconds"
    assert f"slow failed in attempt 2 of 2: TimeoutError: {message}" in done.stdout
    assert (project.path / "event").read_text() == message * 2
    task = project.record().task("slow")
    assert task.timeout_s == 0.5
    assert [attempt.outcome for attempt in task.attempts] == [Outcome.TIMEOUT] * 2
    for attempt in task.attempts:
        assert (project.runs[-1] / attempt.folder / "output.log").read_text() == "begun\n"
    wait_for(lambda: not processes_of(project.path), "no process is left", timeout_s=30)


def test_a_task_that_ends_in_time_is_a_success(project: Project) -> None:
    project.pipeline(SLOW.format(timeout_s=300, body="", code="pass"))

    assert project.run().returncode == 0
    assert project.record().task("slow").outcome is Outcome.SUCCESS


@pytest.mark.parametrize("timeout_s", ["0", "-1", "'10'", "True", "float('inf')"])
def test_a_limit_that_is_no_time_is_refused(project: Project, timeout_s: str) -> None:
    project.pipeline(SLOW.format(timeout_s=timeout_s, body="", code="pass"))

    done = project.run()

    assert done.returncode == 2
    assert "Slow(): timeout_s is " in done.stderr
    assert "set seconds above 0" in done.stderr
