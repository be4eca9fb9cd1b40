"""What run() yields is refused in the words of the checks before a run: the task that yields it fails."""

from nightbook.record.format.model import Outcome
from tests.support.project import Project

CLASSES = """
    class Plain(luigi.Task):
        n = luigi.IntParameter(default=1)
        def output(self):
            return luigi.LocalTarget(f"{type(self).__name__}-{self.n}.txt")
        def run(self):
            self.output().open("w").close()

    class Data(luigi.ExternalTask):
        def output(self):
            return luigi.LocalTarget("sales.csv")

    class NeedsData(Plain):
        def requires(self):
            return Data()

    class Greedy(Plain):
        resources = {"gpu": 2}

    class Wide(Plain):
        resources = {"num_cpus": 9}

    class Work(NotebookTask):
        timeout_s = 0

    class Timed(Plain):
        worker_timeout = 5

    class Lost(NotebookTask):
        pass

    class Round(Plain):
        name = luigi.Parameter()
        def requires(self):
            return globals()[self.name]()

    class Twice(Plain):
        pass
    First = Twice
    class Twice(Plain):
        priority = 1

    class HTTPData(Plain):
        pass
    class HttpData(Plain):
        pass

    class Broken(Plain):
        def requires(self):
            return 1 / 0
"""
ASKS = """
    class {name}(Plain):
        def run(self):
            yield {yielded}
            super().run()
"""
ROOT = """
    class Root(Pipeline):
        def requires(self):
            return [{tasks}]
"""
NO_DATA = "Data(): sales.csv does not exist: provide it, or correct Data.output()"

# By the name of the task that yields it: what it yields, and the message.
REFUSED = {
    "Missing": ("Data()", NO_DATA),
    "Below": ("NeedsData()", NO_DATA),
    "One": ("[Plain(), Greedy()]", "Greedy(n=1): it needs 2 of the resource gpu, and there are 1"),
    "Processors": ("Wide()", "Wide(n=1): it needs 9 of the resource num_cpus, and there are 2"),
    "Timeout": ("Work()", "Work(): timeout_s is 0"),
    "Limit": ("Timed()", "Timed(n=1): worker_timeout is 5"),
    "Notebook": ("Lost()", "lost.py"),
    "Class": ("Plain", "Class.run() yields the class Plain, and needs a task: write self.clone(Plain)"),
    "Text": ("{'one': 'Plain'}", "Text.run() yields 'Plain' (str), which is no task"),
    "Target": ("self.output()", "which is a target, and needs a task"),
    "Itself": ("Itself()", "the tasks depend on each other in a circle: Itself → Itself"),
    "Circle": (
        "Round(name='Circle')",
        "the tasks depend on each other in a circle: Circle → Round → Circle",
    ),
    "Ambiguous": ("Twice()", "there are two classes Twice"),
    "Twins": ("[HTTPData(), HttpData()]", "two tasks have the id 'http-data/n=1' in the run record"),
    "Failing": ("Broken()", "Broken.requires() fails with ZeroDivisionError"),
}


def test_what_cannot_work_is_the_failure_of_the_task_that_yields_it(project: Project) -> None:
    asking = [ASKS.format(name=name, yielded=yielded) for name, (yielded, _) in REFUSED.items()]
    tasks = ", ".join(f"{name}()" for name in REFUSED)
    project.pipeline("".join([CLASSES, *asking, ROOT.format(tasks=f"{tasks}, Plain(n=9)")]))
    project.notebook("work", "1")

    done = project.run("--workers", "2")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    run = project.record()
    assert run.outcome is Outcome.FAILURE
    assert run.problems == ()
    assert run.task("plain/n=9").outcome is Outcome.SUCCESS
    assert {task.task_id for task in run.tasks} == {f"{name.lower()}/n=1" for name in REFUSED} | {"plain/n=9"}
    for name, (_, message) in REFUSED.items():
        (attempt,) = run.task(f"{name.lower()}/n=1").attempts
        error = attempt.error
        assert error is not None, name
        assert error.type == "PipelineError"
        assert message in error.message
        own = [line for line in error.traceback.splitlines() if line.startswith("  File")]
        assert all('pipe.py", line ' in line for line in own)
        assert own[-1].endswith("in run")


def test_a_circle_of_tasks_that_yield_each_other(project: Project) -> None:
    asking = [ASKS.format(name="Asks", yielded="Back()"), ASKS.format(name="Back", yielded="Asks()")]
    project.pipeline("".join([CLASSES, *asking, ROOT.format(tasks="Asks()")]))

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
