"""What run() yields is refused in the words of the checks before a run: the task that yields it fails."""

import pytest

from nightbook.record.format.model import Error, Outcome, Run
from tests.support.project import Project

DATA = """class Data(luigi.ExternalTask):
        def output(self):
            return luigi.LocalTarget("sales.csv")
"""
TWICE = """class Twice(Plain):
        pass
    First = Twice
    class Twice(Plain):
        priority = 1
"""
TWINS = """class HTTPData(Plain):
        pass
    class HttpData(Plain):
        pass
"""
PLAIN = """
    class Plain(luigi.Task):
        n = luigi.IntParameter(default=1)
        def output(self):
            return luigi.LocalTarget(f"{{type(self).__name__}}-{{self.n}}.txt")
        def run(self):
            self.output().open("w").close()

    class Asks(Plain):
        def run(self):
            yield {yielded}
            super().run()

    {classes}

    class Root(Pipeline):
        def requires(self):
            return [Asks(), {others}Plain(n=9)]
"""


def failed(project: Project, yielded: str, classes: str = "pass", others: str = "") -> tuple[Run, Error]:
    """Run a task that yields what cannot work; return the record, and the error of that task."""
    project.pipeline(PLAIN.format(yielded=yielded, classes=classes, others=others))
    project.notebook("work", "1")
    done = project.run("--workers", "2")
    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    run = project.record()
    assert run.outcome is Outcome.FAILURE
    assert run.problems == ()
    assert run.task("plain/n=9").outcome is Outcome.SUCCESS
    (attempt,) = run.task("asks/n=1").attempts
    assert attempt.error is not None
    return run, attempt.error


@pytest.mark.parametrize(
    ("yielded", "classes", "message"),
    [
        (
            "Data()",
            DATA,
            "Data(): sales.csv does not exist: provide it, or correct Data.output()",
        ),
        (
            "Below()",
            f"{DATA}\n    class Below(Plain):\n        def requires(self): return Data()",
            "Data(): sales.csv does not exist: provide it, or correct Data.output()",
        ),
        (
            "[Plain(), Greedy()]",
            "class Greedy(Plain):\n        resources = {'gpu': 2}",
            "Greedy(n=1): it needs 2 of the resource gpu, and there are 1",
        ),
        (
            "Greedy()",
            "class Greedy(Plain):\n        resources = {'num_cpus': 9}",
            "Greedy(n=1): it needs 9 of the resource num_cpus, and there are 2",
        ),
        ("Work()", "class Work(NotebookTask):\n        timeout_s = 0", "Work(): timeout_s is 0"),
        ("Timed()", "class Timed(Plain):\n        worker_timeout = 5", "Timed(n=1): worker_timeout is 5"),
        ("Lost()", "class Lost(NotebookTask): pass", "lost.py"),
        ("Plain", "pass", "Asks.run() yields the class Plain, and needs a task: write self.clone(Plain)"),
        ("{'one': 'Plain'}", "pass", "Asks.run() yields 'Plain' (str), which is no task"),
        ("self.output()", "pass", "which is a target, and needs a task"),
        ("Asks()", "pass", "the tasks depend on each other in a circle: Asks → Asks"),
        (
            "Round()",
            "class Round(Plain):\n        def requires(self): return Asks()",
            "the tasks depend on each other in a circle: Asks → Round → Asks",
        ),
        ("Twice()", TWICE, "there are two classes Twice"),
        ("[HTTPData(), HttpData()]", TWINS, "two tasks have the id 'http-data/n=1' in the run record"),
        (
            "Broken()",
            "class Broken(Plain):\n        def requires(self): return 1 / 0",
            "Broken.requires() fails with ZeroDivisionError",
        ),
    ],
)
def test_what_cannot_work_is_the_failure_of_the_task_that_yields_it(
    project: Project, yielded: str, classes: str, message: str
) -> None:
    run, error = failed(project, yielded, classes)

    assert error.type == "PipelineError"
    assert message in error.message
    own = [line for line in error.traceback.splitlines() if line.startswith("  File")]
    assert all('pipe.py", line ' in line for line in own)
    assert own[-1].endswith("in run")
    assert {task.task_id for task in run.tasks} == {"asks/n=1", "plain/n=9"}


def test_a_circle_of_tasks_that_yield_each_other(project: Project) -> None:
    classes = "class Back(Plain):\n        def run(self):\n            yield Asks()"
    project.pipeline(PLAIN.format(yielded="Back()", classes=classes, others=""))

    done = project.run()

    assert done.returncode == 1
    assert "the tasks depend on each other in a circle: Back → Asks → Back" in done.stdout
    assert project.record().task("back/n=1").outcome is Outcome.FAILURE


def test_a_task_may_do_without_what_is_refused(project: Project) -> None:
    project.pipeline("""
        class Data(luigi.ExternalTask):
            def output(self):
                return luigi.LocalTarget("sales.csv")

        class Asks(luigi.Task):
            def output(self):
                return luigi.LocalTarget("asks.txt")
            def run(self):
                try:
                    yield Data()
                except Exception as error:
                    print("without:", error)
                self.output().open("w").close()

        class Root(Pipeline):
            def requires(self):
                return Asks()
    """)

    assert project.run().returncode == 0
    assert project.record().task("asks").outcome is Outcome.SUCCESS
