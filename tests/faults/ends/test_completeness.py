"""A task is complete by what its attempt has published and recorded, and not because a folder is there."""

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.attempt_ends import has_succeeded
from tests.support.project import Project


@pytest.mark.promise(
    "A task is done when its success is recorded; a folder that a notebook has made itself is none."
)
def test_a_failing_task_that_made_its_published_folder_fails_the_run(project: Project) -> None:
    project.single()
    project.notebook(
        "work",
        "(output_dir.parent.parent / 'output').mkdir()\nraise ValueError('no')",
        parameters="output_dir = None",
    )

    done = project.run()

    assert done.returncode != 0
    run = project.record()
    assert run.outcome is Outcome.FAILURE
    assert last_error(run) == "ValueError: no"
    project.notebook("work", "(output_dir / 'made').touch()", parameters="output_dir = None")
    assert project.nightbook("resume").returncode == 0
    assert [file.name for file in RunFolder(project.runs[-1]).task("work").output.iterdir()] == ["made"]


@pytest.mark.promise("A disk that is full when an attempt ends leaves the attempt to be done again.")
def test_a_full_disk_at_the_attempts_end_leaves_it_to_be_done_again(project: Project) -> None:
    """The span file takes the attempt's start, and not its end."""
    project.pipeline("""
        from pathlib import Path
        from nightbook import FunctionTask
        import nightbook.execution.attempt as attempt
        import nightbook.record.write.span_file as span_file
        from nightbook.execution.attempt import publish

        FULL = Path(__file__).with_name("full")

        class Disk:
            def __getattr__(self, name):
                return getattr(os, name)

            def write(self, descriptor, line):
                if FULL.exists() and b"attempt-01" not in line and published:
                    raise OSError(28, "No space left on device")
                return os.write(descriptor, line)

        import os
        published = []

        def publish_and_fill(folder):
            publish(folder)
            published.append(folder)

        attempt.publish = publish_and_fill
        span_file.os = Disk()

        class Work(FunctionTask):
            def execute(self, inputs, output_dir):
                (output_dir / "made").touch()

        class Root(Pipeline):
            def requires(self):
                return self.clone(Work)
    """)
    (project.path / "full").touch()

    done = project.run()

    assert done.returncode == 1
    run = project.record()
    assert run.outcome is Outcome.FAILURE
    assert "No space left on device" in last_error(run)
    assert "No space left on device" in done.stdout
    assert not has_succeeded(RunFolder(project.runs[-1]).task("work"))
    (project.path / "full").unlink()
    assert project.nightbook("resume").returncode == 0
    assert has_succeeded(RunFolder(project.runs[-1]).task("work"))


def test_a_task_that_is_killed_after_it_made_its_own_target_is_done_in_the_resumed_run(
    project: Project,
) -> None:
    project.pipeline("""
        import os
        import signal

        class Work(luigi.Task):
            def output(self):
                return luigi.LocalTarget("made")
            def run(self):
                with self.output().open("w") as file:
                    file.write("whole")
                os.kill(os.getpid(), signal.SIGKILL)

        class Root(Pipeline):
            def requires(self):
                return Work()
    """)

    assert project.run().returncode == 1
    assert project.record().outcome is Outcome.FAILURE
    assert "was killed by SIGKILL" in last_error(project.record())
    assert project.nightbook("resume").returncode == 0

    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert [attempt.outcome for attempt in run.task("work").attempts] == [
        Outcome.INTERRUPTED,
        Outcome.SUCCESS,
    ]


def last_error(run: Run) -> str:
    error = run.task("work").attempts[-1].error
    return error.last_line if error else ""
