"""`make watch` as a person uses it: files are saved, one run follows, Ctrl-C ends it all."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from nightbook.record.format.errors import RecordError
from nightbook.record.format.model import Outcome
from tests.support.project import NIGHTBOOK, TIMEOUT_S, Project, kill, processes_of, wait_for

PIPELINE = """
    class First(NotebookTask):
        timeout_s = 300

    class Second(NotebookTask):
        timeout_s = 300

        def requires(self):
            return {"first": self.clone(First)}

    class Alone(NotebookTask):
        timeout_s = 300

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Second), self.clone(Alone)]
"""


class Watched:
    """A project with a running ``nightbook watch``, whose output goes to a file."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.log = project.path / "watch.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*NIGHTBOOK, "watch", "--pipeline", "flow.pipe:Root", "--workers", "2"],
                cwd=project.path,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                text=True,
            )

    def wait_for_attempts(self, **attempts: int) -> None:
        """Wait until the newest run is a success with so many attempts at each task."""
        wait_for(lambda: self._attempts() == attempts, f"{attempts}")

    def wait_for_line(self, text: str) -> None:
        wait_for(lambda: text in self.log.read_text(), text)

    def press_ctrl_c(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(TIMEOUT_S)

    def _attempts(self) -> dict[str, int] | None:
        assert self.process.poll() is None, self.log.read_text()
        try:
            run = self.project.record()
        except (RecordError, IndexError):
            return None
        if run.outcome is not Outcome.SUCCESS:
            return None
        return {task.name: len(task.attempts) for task in run.tasks}


def begin(project: Project) -> None:
    """Write the pipeline, its notebooks, and what they share."""
    project.pipeline(PIPELINE)
    for name in ("flow", "tests"):
        (project.path / name).mkdir()
    (project.path / "pipe.py").rename(project.path / "flow" / "pipe.py")
    (project.path / "pyproject.toml").write_text(
        '[tool.mypy]\nfiles = ["notebooks/shared_code.py"]\n[tool.ruff]\nexclude = ["runs"]\n'
    )
    for name in ("first", "second", "alone"):
        project.notebook(name, "import shared_code", "shared_code.wait()")
    (project.path / "notebooks" / "shared_code.py").write_text("def wait() -> None:\n    pass\n")


@pytest.fixture
def watched(project: Project) -> Iterator[Watched]:
    begin(project)
    watched = Watched(project)
    yield watched
    kill(watched.process)


def test_a_change_runs_what_it_touches_in_the_same_run(watched: Watched) -> None:
    project = watched.project
    watched.wait_for_attempts(first=1, second=1, alone=1)
    watched.wait_for_line("types │ ✓ passed")

    notebook = project.path / "notebooks" / "second.py"
    notebook.write_text(notebook.read_text())  # saved, and the same
    project.notebook("first", 'print("changed")')
    watched.wait_for_attempts(first=2, second=2, alone=1)

    (project.path / "notebooks" / "shared_code.py").write_text("def wait() -> int:\n    return  'one'\n")
    watched.wait_for_attempts(first=3, second=3, alone=2)
    watched.wait_for_line('error: Incompatible return value type (got "str", expected "int")')
    watched.wait_for_line("types │ ✗ exit code 1")
    watched.wait_for_line("notebooks/shared_code.py:2:")

    pipeline = project.path / "flow" / "pipe.py"
    pipeline.write_text(pipeline.read_text().replace("timeout_s = 300", "timeout_s = 50"))
    watched.wait_for_attempts(first=4, second=4, alone=3)

    draft = project.notebook("draft", "1")  # no task runs it yet
    nr_checks = watched.log.read_text().count("format │ starts")
    (project.path / "tests" / "test_it.py").write_text("assert  True\n")  # nothing that the run uses
    watched.wait_for_line("tests/test_it.py:1:")
    assert watched.log.read_text().count("format │ starts") > nr_checks
    nr_checks = watched.log.read_text().count("types │ starts")
    (project.path / "pyproject.toml").write_text('[tool.mypy]\nfiles = ["nothing.py"]\n')
    watched.wait_for_line("nothing.py")
    draft.unlink()
    project.notebook("alone", "2")
    watched.wait_for_attempts(first=4, second=4, alone=4)

    config = project.path / "luigi.cfg"
    config.write_text(config.read_text().replace("max_output_bytes = 4000000", "max_output_bytes = 4000001"))
    watched.wait_for_attempts(first=5, second=5, alone=5)

    watched.press_ctrl_c()
    assert watched.process.returncode == 0
    assert processes_of(project.path) == []
    (run,) = project.runs
    assert (run / "tasks" / "first" / "attempt-01" / "output").is_dir()
    assert "Traceback" not in watched.log.read_text()


def test_a_change_restarts_what_runs_and_is_waited_for_when_broken(watched: Watched) -> None:
    project = watched.project
    watched.wait_for_attempts(first=1, second=1, alone=1)
    pipeline = project.path / "flow" / "pipe.py"
    source = pipeline.read_text()

    pipeline.write_text(f"{source}\nthis is no Python")
    watched.wait_for_line("SyntaxError: invalid syntax")
    pipeline.write_text(source)
    watched.wait_for_attempts(first=2, second=2, alone=2)

    begun = project.path / "notebooks" / "begun"
    project.notebook("first", 'import pathlib, time\npathlib.Path("begun").touch()\ntime.sleep(600)')
    wait_for(begun.exists, "the slow notebook begins")
    project.notebook("first", "1")
    watched.wait_for_attempts(first=4, second=3, alone=2)
    outcomes = [attempt.outcome for attempt in project.record().task("first").attempts]
    assert outcomes == [Outcome.SUCCESS, Outcome.SUCCESS, Outcome.INTERRUPTED, Outcome.SUCCESS]


def test_a_pipeline_that_is_saved_before_the_first_attempt_is_the_one_that_runs(project: Project) -> None:
    begin(project)
    pipeline = project.path / "flow" / "pipe.py"
    slow = pipeline.read_text() + "\nimport time\nwhile not pathlib.Path('seen').exists(): time.sleep(0.1)\n"
    pipeline.write_text("import pathlib\npathlib.Path('loading').touch()\n" + slow)
    watched = Watched(project)
    try:
        wait_for((project.path / "loading").exists, "the pipeline is being loaded")
        pipeline.write_text(
            pipeline.read_text().replace(
                "return [self.clone(Second), self.clone(Alone)]", "return [self.clone(Alone)]"
            )
        )
        wait_for(lambda: watched.log.read_text().count("pipeline │ starts") == 2, "it is begun again")
        (project.path / "seen").touch()
        watched.wait_for_attempts(alone=1)
    finally:
        kill(watched.process)


@pytest.mark.parametrize("end", ["ctrl-c", "kill"])
def test_nothing_is_left_running(watched: Watched, end: str) -> None:
    begun = watched.project.path / "notebooks" / "begun"
    watched.project.notebook("first", 'import pathlib, time\npathlib.Path("begun").touch()\ntime.sleep(600)')
    wait_for(begun.exists, "the slow notebook begins")

    if end == "ctrl-c":
        watched.press_ctrl_c()
        assert watched.process.returncode == 0
    else:
        kill(watched.process)

    wait_for(lambda: processes_of(watched.project.path) == [], "all processes end", timeout_s=10)
    assert watched.project.record().outcome is Outcome.INTERRUPTED


def test_a_pipeline_that_is_not_there(project: Project) -> None:
    done = project.nightbook("watch", "--pipeline", "nothing.here:Root")

    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no pipeline 'nothing.here:Root': name one as MODULE:CLASS")
    assert done.stderr.count("\n") == 1
    assert list(Path(project.path).iterdir()) == [project.path / "luigi.cfg"]


FUNCTIONS = """
    import nightbook
    from {module} import first, shared

    class Second(nightbook.FunctionTask):
        def requires(self):
            return {{"first": self.clone(first.First)}}

        def execute(self, inputs, output_dir):
            print(shared.TEXT)

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Second)]
"""
FIRST = """
import nightbook

class First(nightbook.FunctionTask):
    def execute(self, inputs, output_dir):
        print("one")
"""


@pytest.mark.parametrize("package", ["flow", "steps"])
def test_a_functions_module_that_is_saved_runs_it_again(project: Project, package: str) -> None:
    """Also one in another package than the pipeline's."""
    begin(project)
    (project.path / package).mkdir(exist_ok=True)
    (project.path / package / "first.py").write_text(FIRST)
    (project.path / package / "shared.py").write_text("TEXT = 'one'\n")
    project.pipeline(FUNCTIONS.format(module=package))
    (project.path / "pipe.py").rename(project.path / "flow" / "pipe.py")
    watched = Watched(project)
    try:
        watched.wait_for_attempts(first=1, second=1)
        (project.path / package / "first.py").write_text(FIRST.replace("one", "two"))
        watched.wait_for_attempts(first=2, second=2)
        (project.path / package / "shared.py").write_text("TEXT = 'two'\n")
        watched.wait_for_attempts(first=3, second=3)
    finally:
        kill(watched.process)
    run = project.record()
    for task_id in ("first", "second"):
        log = project.runs[-1] / run.task(task_id).attempts[-1].output_log
        assert log.read_text() == "two\n"
    assert len(project.runs) == 1
