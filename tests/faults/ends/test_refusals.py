"""What cannot work is refused in one line, with exit code 2, and leaves nothing behind."""

import subprocess
import sys

from nightbook.record.format.model import Outcome
from tests.support.project import Project, processes_of, wait_for

PIPELINE = """
    class Work(NotebookTask):
        x = luigi.Parameter(default="a")

    class Root(Pipeline):
        x = luigi.Parameter(default="a")

        def requires(self):
            return self.clone(Work)
"""

NO_THREADS = """
    import threading

    def refuse(self):
        raise RuntimeError("can't start new thread")

    threading.Thread.start = refuse
"""


def test_bytes_of_a_command_line_that_are_not_utf8(project: Project) -> None:
    project.pipeline(PIPELINE)
    project.notebook("work", "print(x)", parameters="x = ''")
    command = [sys.executable, "-m", "nightbook", "run", "--pipeline", "pipe:Root", "--set", b"x=\xff"]

    done = subprocess.run(command, cwd=project.path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert done.stderr == "error: the parameter x of work is '\\udcff', which is not UTF-8: correct it\n"
    assert project.runs == []


def test_a_system_without_another_thread_ends_the_run_in_a_line(project: Project) -> None:
    project.pipeline(PIPELINE + NO_THREADS)
    project.notebook("work", "print(x)", parameters="x = ''")

    done = project.run()

    assert done.returncode == 2
    assert "error: can't start new thread: there are too many processes and threads" in done.stderr
    assert "Traceback" not in done.stderr
    assert [project.record().outcome for _ in project.runs] in ([], [Outcome.INTERRUPTED])
    wait_for(lambda: processes_of(project.path) == [], "all end", timeout_s=2)
