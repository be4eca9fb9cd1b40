"""What Luigi promises of tasks holds for those whose attempts an engine executes."""

from pathlib import Path

import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project

PIPELINE = """
    from pathlib import Path

    from nightbook.pipeline.tasks.attempt_task import AttemptTask
    from tests.support.attempts import ScriptBody

    LOG = Path(__file__).with_name("events")

    def log(event, task, *values):
        with LOG.open("a") as file:
            file.write(" ".join([event, task.task_name, *(type(value).__name__ for value in values)]) + "\\n")

    class Script(AttemptTask):
        code = "pass"
        body_source = "none"

        @property
        def body(self):
            return ScriptBody(self.code)

    for event in ("START", "SUCCESS", "FAILURE", "PROCESSING_TIME", "PROCESS_FAILURE"):
        def handler(task, *values, event=event):
            log(event, task, *values)
        Script.event_handler(getattr(luigi.Event, event))(handler)
"""


@pytest.fixture
def scripts(project: Project) -> Project:
    """A project whose tasks run scripts, and write Luigi's events to the file ``events``."""
    return project


def run(scripts: Project, classes: str, *names: str) -> list[str]:
    """Run the tasks and return the events."""
    tasks = ", ".join(f"self.clone({name})" for name in names)
    scripts.pipeline(
        f"{PIPELINE}\n{classes}\n    class Root(Pipeline):\n"
        f"        def requires(self):\n            return [{tasks}]\n"
    )
    done = scripts.run("--workers", "1")
    assert done.returncode in (0, 1), done.stderr
    return (scripts.path / "events").read_text().splitlines()


def luigi_log(scripts: Project) -> str:
    return (scripts.runs[-1] / "luigi.log").read_text()


def test_a_success_triggers_luigis_events_in_their_order(scripts: Project) -> None:
    events = run(scripts, "    class Good(Script):\n        pass\n", "Good")

    assert events == ["START good", "PROCESSING_TIME good float", "SUCCESS good"]


def test_a_failure_triggers_its_event_once_an_attempt(scripts: Project) -> None:
    classes = "    class Bad(Script):\n        code = '1 / 0'\n        retry_count = 2\n"

    events = run(scripts, classes, "Bad")

    assert events == ["START bad", "FAILURE bad AttemptFailedError"] * 2
    assert "attempt 2 of bad ended in failure" in luigi_log(scripts)


@pytest.mark.promise("A process that dies is one failed attempt, whose reason is told.")
def test_a_process_that_dies_is_reported_once_with_its_signal(scripts: Project) -> None:
    code = "import os, time; os.kill(os.getppid(), 9); time.sleep(600)"
    classes = f"    class Killed(Script):\n        code = {code!r}\n        retry_count = 3\n"

    events = run(scripts, classes, "Killed")

    assert events == ["START killed", "PROCESS_FAILURE killed str"] * 3
    assert luigi_log(scripts).count("was killed by SIGKILL") == 3
    outcomes = [attempt.outcome for attempt in scripts.record().task("killed").attempts]
    assert outcomes == [Outcome.INTERRUPTED] * 3


def test_a_task_that_is_not_complete_afterwards_has_failed(scripts: Project) -> None:
    classes = """
    class Incomplete(Script):
        def complete(self):
            return False
    """

    events = run(scripts, classes, "Incomplete")

    assert events == ["START incomplete", "FAILURE incomplete AttemptFailedError"]
    assert "complete() is still returning false" in luigi_log(scripts)


def test_an_input_that_has_gone_is_noticed_before_the_attempt(scripts: Project) -> None:
    classes = """
    class First(Script):
        pass

    class Thief(Script):
        priority = 99
        def requires(self):
            return self.clone(First)
        @property
        def body(self):
            return ScriptBody(f"import shutil; shutil.rmtree({self.input().path!r})")

    class Second(Script):
        def requires(self):
            return self.clone(First)
    """

    events = run(scripts, classes, "Thief", "Second")

    assert events[3:] == [
        "START thief",
        "PROCESSING_TIME thief float",
        "SUCCESS thief",
        "FAILURE second TaskException",
    ]
    assert "Unfulfilled dependencies at run time: First" in luigi_log(scripts)
    assert scripts.record().task("second").attempts == ()


def test_what_a_forkers_methods_raise_fails_the_task_alone(scripts: Project) -> None:
    classes = """
    class Loud(Script):
        priority = 99
        def on_success(self):
            raise ValueError("success")
        def on_failure(self, error):
            raise ValueError("failure")

    class Good(Script):
        pass
    """

    events = run(scripts, classes, "Loud", "Good")

    assert events[2] == "FAILURE loud ValueError"
    assert events[-1] == "SUCCESS good"


def test_a_class_with_a_run_of_its_own_keeps_luigis_process(scripts: Project) -> None:
    classes = """
    class Own(Script):
        def run(self):
            import multiprocessing
            log(multiprocessing.current_process().__class__.__name__, self)
            super().run()
            log("afterwards", self)

    class Plain(luigi.Task):
        task_name = "plain"
        def output(self):
            return luigi.LocalTarget(str(LOG.with_name("plain")))
        def run(self):
            self.output().makedirs()
            Path(self.output().path).touch()

    class Both(Script):
        def requires(self):
            return [self.clone(Own), Plain()]
    """

    events = run(scripts, classes, "Both")

    assert events[:3] == ["START own", "PlainProcess own", "afterwards own"]
    assert events[-1] == "SUCCESS both"
    assert Path(scripts.path / "plain").exists()
    assert scripts.record().task("own").outcome is Outcome.SUCCESS
