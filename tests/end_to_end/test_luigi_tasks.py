"""What Luigi's own tasks may do beside notebooks: be tried again, wrap, log, print, be resumed."""

import re

from nightbook.record.format.model import Outcome
from tests.support.luigi_runs import printed, succeeds
from tests.support.project import Project


def test_per_task_retry_policy(project: Project) -> None:
    project.pipeline("""
        class ErrorTask1(luigi.Task):
            retry_count = 3
            def run(self):
                raise ValueError("Test Exception. Retry Index 3")

        class ErrorTask2(luigi.Task):
            retry_count = 2
            def run(self):
                raise ValueError("Test Exception. Retry Index 2")

        class SuccessTask(luigi.Task):
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget("success.txt")

        class Root(Pipeline):
            def requires(self):
                return [ErrorTask1(), ErrorTask2(), SuccessTask()]
    """)

    done = project.run()

    assert done.returncode == 1
    run = project.record()
    assert {task.task_id: len(task.attempts) for task in run.tasks} == {
        "error-task1": 3,
        "error-task2": 2,
        "success-task": 1,
    }
    error = run.task("error-task1").attempts[-1].error
    assert error is not None
    assert error.last_line == "ValueError: Test Exception. Retry Index 3"
    assert "pipe.py" in error.traceback


def test_what_a_wrapper_wraps_is_handed_on(project: Project) -> None:
    project.pipeline("""
        class Part(NotebookTask):
            n = luigi.IntParameter()

        class Parts(luigi.WrapperTask):
            def requires(self):
                return {"one": Part(n=1), "two": Part(n=2)}

        class Whole(NotebookTask):
            def requires(self):
                return Parts()

        class Root(Pipeline):
            def requires(self):
                return Whole()
    """)
    project.notebook(
        "part",
        '(output_dir / "n.txt").write_text(str(n))',
        parameters="n = 0\noutput_dir = nightbook.scratch_dir()",
    )
    project.notebook(
        "whole",
        'nightbook.log_metric("sum", sum(int((part / "n.txt").read_text()) for part in inputs.values()))',
        parameters="inputs = {}",
    )

    run = succeeds(project)

    assert run.task("whole").metrics == {"sum": 3}
    assert run.task("whole").depends_on == ("parts",)
    assert run.task("parts").depends_on == ("part/n=1", "part/n=2")


def test_tasks_made_by_their_class_are_resumed(project: Project) -> None:
    project.pipeline("""
        class Work(NotebookTask):
            pass

        class Plain(luigi.Task):
            def output(self):
                return luigi.LocalTarget("plain.txt")
            def run(self):
                open("mended").close()
                self.output().open("w").close()

        class Root(Pipeline):
            def requires(self):
                return [Work(), Plain()]
    """)
    project.notebook("work", "1")
    assert project.run().returncode == 1
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0

    assert len(project.runs) == 1
    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert [attempt.outcome.value for attempt in run.task("plain").attempts] == ["failure", "success"]
    assert len(run.task("work").attempts) == 1


def test_a_run_of_ones_own_that_raises_afterwards(project: Project) -> None:
    project.single("""
        def run(self):
            super().run()
            open("mended").close()
    """)
    project.notebook("work", "1")
    assert project.run().returncode == 1

    assert [attempt.outcome.value for attempt in project.record().task("work").attempts] == [
        "success",
        "failure",
    ]
    (project.path / "mended").touch()
    assert project.nightbook("resume").returncode == 0


def test_a_task_may_log_values(project: Project) -> None:
    project.pipeline("""
        import nightbook

        class Plain(luigi.Task):
            def output(self):
                return luigi.LocalTarget("plain.txt")
            def run(self):
                nightbook.log_metric("rows", 3)
                self.output().open("w").close()

        class Root(Pipeline):
            def requires(self):
                return Plain()
    """)

    assert succeeds(project).task("plain").metrics == {"rows": 3}


def test_a_target_that_is_no_file(project: Project) -> None:
    project.pipeline("""
        from pathlib import Path

        class Row(luigi.Target):
            def exists(self):
                return Path("row").exists()

        class Insert(luigi.Task):
            def output(self):
                return Row()
            def run(self):
                Path("row").touch()

        class Root(Pipeline):
            def requires(self):
                return Insert()
    """)

    assert succeeds(project).task("insert").outcome is Outcome.SUCCESS


def test_much_output_is_cut(project: Project) -> None:
    config = project.path / "luigi.cfg"
    config.write_text(re.sub(r"max_output_bytes = \d+", "max_output_bytes = 1000", config.read_text()))
    project.pipeline("""
        import os

        class Loud(luigi.Task):
            def output(self):
                return luigi.LocalTarget("loud.txt")
            def run(self):
                os.system("head -c 1000000 /dev/zero | tr '\\\\0' x")
                print("the end")
                self.output().open("w").close()

        class Root(Pipeline):
            def requires(self):
                return Loud()
    """)

    text = printed(project, succeeds(project), "loud")
    assert text.startswith("x" * 750 + "\n[nightbook: ")
    assert "bytes of output are left out here" in text
    assert text.endswith("xthe end\n")
    assert len(text) < 1200
