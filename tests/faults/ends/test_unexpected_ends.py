"""Whatever ends an attempt is in the record and on the terminal, and so is who has noticed it."""

import pytest

from nightbook.record.format.model import Outcome
from tests.support.project import Project


@pytest.mark.promise(
    "An attempt that could not say how it ended has the signal or exit code, and who noticed."
)
def test_the_ends_of_luigis_own_processes_are_told(project: Project) -> None:
    """One is killed, one leaves without a word, and the others cannot be begun."""
    project.pipeline("""
        import os
        import signal
        from pathlib import Path
        from nightbook import FunctionTask
        from nightbook.execution.engines.local import LocalEngine
        from nightbook.pipeline.recording.task_record import TaskRecord

        class Own(luigi.Task):
            def output(self):
                return luigi.LocalTarget("never")

        class Killed(Own):
            def run(self):
                os.kill(os.getpid(), signal.SIGKILL)

        class Leaves(Own):
            def run(self):
                os._exit(0)

        class Unwritable(Own):
            def run(self):
                pass

        class Unstarted(FunctionTask):
            def execute(self, inputs, output_dir):
                pass

        start = LocalEngine.start
        prepare = TaskRecord._prepare

        def start_or_fail(self, job, on_progress):
            if job.folder.task_id == "unstarted":
                raise OSError(24, "Too many open files")
            return start(self, job, on_progress)

        def prepare_or_fail(self):
            if self._task.task_id == "unwritable":
                raise PermissionError(13, "Permission denied", "source.txt")
            prepare(self)

        LocalEngine.start = start_or_fail
        TaskRecord._prepare = prepare_or_fail

        class Root(Pipeline):
            def requires(self):
                return [Killed(), Leaves(), Unwritable(), self.clone(Unstarted)]
    """)

    done = project.run()

    assert done.returncode == 1
    run = project.record()
    ends = {task.task_id: [(one.outcome, _words(one.error)) for one in task.attempts] for task in run.tasks}
    noticed = ", as the main process has noticed"
    assert ends == {
        "killed": [(Outcome.INTERRUPTED, f"ProcessDied: the task's process was killed by SIGKILL{noticed}")],
        "leaves": [(Outcome.INTERRUPTED, f"ProcessDied: the task's process ended with exit code 0{noticed}")],
        "unwritable": [
            (Outcome.FAILURE, "PermissionError: [Errno 13] Permission denied: 'source.txt'"),
        ],
        "unstarted": [(Outcome.FAILURE, "OSError: [Errno 24] Too many open files")],
    }
    for attempts in ends.values():
        assert attempts[0][1] in done.stdout


def _words(error: object) -> str:
    return getattr(error, "last_line", "")
