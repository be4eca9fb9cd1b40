"""Luigi's own examples, written anew: each runs, is recorded, and can be resumed."""

import pytest

from nightbook.record.format.model import Outcome, TaskKind
from tests.support.luigi_runs import arrows, printed, succeeds
from tests.support.project import Project

COMMANDS = pytest.mark.parametrize("command", ["nightbook", "luigi"])


HELLO_WORLD = """
    class HelloWorldTask(luigi.Task):
        task_namespace = "examples"
        done = False

        def run(self):
            print(f"{self.__class__.__name__} says: Hello world!")
            open("hello", "w").close()

        def output(self):
            return luigi.LocalTarget("hello")

    class Root(Pipeline):
        def requires(self):
            return HelloWorldTask()
"""


NO_OUTPUT = """
    class HelloWorldTask(luigi.Task):
        task_namespace = "examples"

        def run(self):
            print(f"{self.__class__.__name__} says: Hello world!")

    class Foo(luigi.Task):
        task_namespace = "examples"

        def run(self):
            print("Running Foo")

        def requires(self):
            for i in range(2):
                yield Bar(i)

    class Bar(luigi.Task):
        task_namespace = "examples"
        num = luigi.IntParameter()

        def run(self):
            self.output().open("w").close()

        def output(self):
            return luigi.LocalTarget(f"bar/{self.num}")

    class Yields(luigi.Task):
        def run(self):
            yield HelloWorldTask()

    class Last(luigi.Task):
        def requires(self):
            return [HelloWorldTask(), Foo(), Yields()]

        def run(self):
            open("mended").close()

    class Root(Pipeline):
        def requires(self):
            return [HelloWorldTask(), Foo(), Yields()]
"""


@pytest.mark.parametrize("task", ["HelloWorldTask", "Foo", "Yields"])
def test_a_task_without_output_is_a_pipeline(project: Project, task: str) -> None:
    """As Luigi's own hello_world and foo_complex are written."""
    project.pipeline(NO_OUTPUT)

    done = project.nightbook("run", "--pipeline", f"pipe:{task}")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stderr
    assert project.record().outcome is Outcome.SUCCESS


def test_tasks_without_output(project: Project) -> None:
    project.pipeline(NO_OUTPUT)

    run = succeeds(project)

    assert {len(task.attempts) for task in run.tasks} == {1}


def test_a_task_without_output_is_complete_within_its_run(project: Project) -> None:
    project.pipeline(NO_OUTPUT)
    assert project.nightbook("run", "--pipeline", "pipe:Last").returncode == 1
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0

    run = project.record()
    assert len(project.runs) == 1
    assert {task.name: len(task.attempts) for task in run.tasks} == {
        "examples.hello-world-task": 1,
        "examples.foo": 1,
        "examples.bar": 1,
        "yields": 1,
        "last": 2,
    }


@COMMANDS
def test_hello_world(project: Project, command: str) -> None:
    project.pipeline(HELLO_WORLD)

    run = succeeds(project, command)

    task = run.task("examples.hello-world-task")
    assert task.kind is TaskKind.LUIGI
    assert task.notebook == "pipe:HelloWorldTask"
    assert [attempt.outcome for attempt in task.attempts] == [Outcome.SUCCESS]
    # Luigi's own command prints its log there too.
    assert "HelloWorldTask says: Hello world!\n" in printed(project, run, task.task_id)


def test_a_task_that_was_complete_before_the_run(project: Project) -> None:
    project.pipeline(HELLO_WORLD)
    (project.path / "hello").touch()

    run = succeeds(project)

    assert "complete before the run" in printed(project, run, "examples.hello-world-task")


FOO = """
    import time

    class Foo(luigi.WrapperTask):
        task_namespace = "examples"

        def run(self):
            print("Running Foo")

        def requires(self):
            for i in range(4):
                yield Bar(i)

    class Bar(luigi.Task):
        task_namespace = "examples"
        num = luigi.IntParameter()

        def run(self):
            self.output().open("w").close()

        def output(self):
            return luigi.LocalTarget(f"bar/{self.num}")

    class Root(Pipeline):
        def requires(self):
            return Foo()
"""


@COMMANDS
def test_foo_a_wrapper_in_the_middle(project: Project, command: str) -> None:
    project.pipeline(FOO)

    run = succeeds(project, command)

    bars = tuple(f"examples.bar/num={number}" for number in range(4))
    assert arrows(run) == {**dict.fromkeys(bars, ()), "examples.foo": bars}
    assert all(task.outcome is Outcome.SUCCESS for task in run.tasks)
    assert "Running Foo\n" in printed(project, run, "examples.foo")


def test_foo_complex(project: Project) -> None:
    project.pipeline("""
        class Bar(luigi.Task):
            num = luigi.IntParameter()
            max_depth = luigi.IntParameter(default=2, significant=False)
            def requires(self):
                if self.max_depth > 0:
                    for i in range(2):
                        yield Bar(self.num * 2 + i, max_depth=self.max_depth - 1)
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"bar/{self.num}")

        class Root(Pipeline):
            def requires(self):
                return Bar(1)
    """)

    run = succeeds(project)

    assert len(run.tasks) == 7
    assert arrows(run)["bar/num=1"] == ("bar/num=2", "bar/num=3")


WORDCOUNT = """
    class InputText(luigi.ExternalTask):
        date = luigi.DateParameter()
        def output(self):
            return luigi.LocalTarget(self.date.strftime("text/%Y-%m-%d.txt"))

    class WordCount(luigi.Task):
        date_interval = luigi.DateIntervalParameter()
        def requires(self):
            return [InputText(date) for date in self.date_interval.dates()]
        def output(self):
            return luigi.LocalTarget("word-count.txt")
        def run(self):
            count = sum(len(line.split()) for f in self.input() for line in f.open("r"))
            with self.output().open("w") as f:
                f.write(str(count))

    class Report(NotebookTask):
        def requires(self):
            return {"counts": WordCount(luigi.date_interval.Date.parse("2026-11-20"))}

    class Root(Pipeline):
        def requires(self):
            return self.clone(Report)
"""


@pytest.fixture
def wordcount(project: Project) -> Project:
    project.pipeline(WORDCOUNT)
    project.notebook(
        "report", 'nightbook.log_metric("words", int(inputs["counts"].read_text()))', parameters="inputs = {}"
    )
    return project


def test_wordcount_hands_its_file_to_a_notebook(wordcount: Project) -> None:
    (wordcount.path / "text").mkdir()
    (wordcount.path / "text" / "2026-11-20.txt").write_text("a b c\n")

    run = succeeds(wordcount)

    assert run.task("report").metrics == {"words": 3}
    assert run.task("word-count/date_interval=2026-11-20").depends_on == ("input-text/date=2026-11-20",)
    assert run.task("input-text/date=2026-11-20").outcome is Outcome.SUCCESS


def test_wordcount_without_its_text_is_refused(wordcount: Project) -> None:
    done = wordcount.run()

    assert done.returncode == 2
    assert "InputText(date=2026-11-20): text/2026-11-20.txt does not exist" in done.stderr
    assert wordcount.runs == []
