"""Luigi's own examples, written anew: each runs, is recorded, and can be resumed."""

import re

import pytest

from nightbook.record.format.model import Outcome, Run, TaskKind
from tests.support.project import Project

COMMANDS = pytest.mark.parametrize("command", ["nightbook", "luigi"])


def succeeds(project: Project, command: str = "nightbook") -> Run:
    done = project.run() if command == "nightbook" else project.luigi("--local-scheduler")
    assert done.returncode == 0, done.stdout + done.stderr
    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert run.problems == ()
    return run


def arrows(run: Run) -> dict[str, tuple[str, ...]]:
    return {task.task_id: task.depends_on for task in run.tasks}


def printed(project: Project, run: Run, task_id: str) -> str:
    attempt = run.task(task_id).attempts[-1]
    return (project.runs[-1] / attempt.folder / "output.log").read_text()


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


DYNAMIC = """
    import random
    from pathlib import Path

    class Configuration(luigi.Task):
        seed = luigi.IntParameter()
        def output(self):
            return luigi.LocalTarget(f"config-{self.seed}.txt")
        def run(self):
            with self.output().open("w") as f:
                f.write("1,2")

    class Data(luigi.Task):
        magic_number = luigi.IntParameter()
        def output(self):
            return luigi.LocalTarget(f"data-{self.magic_number}.txt")
        def run(self):
            if self.magic_number == 2 and not Path("mended").exists():
                raise ValueError("broken data")
            with self.output().open("w") as f:
                f.write(str(self.magic_number))

    class Dynamic(luigi.Task):
        seed = luigi.IntParameter(default=1)
        def output(self):
            return luigi.LocalTarget(f"dynamic-{self.seed}.txt")
        def run(self):
            print("asks for the configuration")
            config = self.clone(Configuration)
            yield config
            print("asks for the data")
            with config.output().open() as f:
                data = [Data(magic_number=int(number)) for number in f.read().split(",")]
            yield data
            with self.output().open("w") as f:
                f.write("done")

    class Root(Pipeline):
        def requires(self):
            return Dynamic()
"""


def test_dynamic_requirements(project: Project) -> None:
    project.pipeline(DYNAMIC)
    (project.path / "mended").touch()

    run = succeeds(project)

    task = run.task("dynamic/seed=1")
    assert [attempt.outcome for attempt in task.attempts] == [Outcome.SUCCESS]
    assert printed(project, run, task.task_id).count("asks for the configuration") == 3
    assert task.depends_on == ("configuration/seed=1", "data/magic_number=1", "data/magic_number=2")
    assert all(one.outcome is Outcome.SUCCESS for one in run.tasks)


def test_dynamic_requirements_that_fail_are_resumed(project: Project) -> None:
    project.pipeline(DYNAMIC)
    done = project.run()
    assert done.returncode == 1
    assert project.record().task("data/magic_number=2").outcome is Outcome.FAILURE
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0

    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    assert run.task("dynamic/seed=1").outcome is Outcome.SUCCESS
    assert set(run.task("dynamic/seed=1").depends_on) == {
        "configuration/seed=1",
        "data/magic_number=1",
        "data/magic_number=2",
    }


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


def test_config_parameters_and_dates(project: Project) -> None:
    """As in top_artists: a configuration class, and a task for each day of an interval."""
    with (project.path / "luigi.cfg").open("a") as file:
        file.write("\n[TopConfig]\nlimit = 2\n")
    project.pipeline("""
        import datetime

        class TopConfig(luigi.Config):
            limit = luigi.IntParameter(default=10)

        class Streams(luigi.Task):
            date = luigi.DateParameter()
            def run(self):
                with self.output().open("w") as output:
                    for number in range(5):
                        output.write(f"artist-{number}\\n")
            def output(self):
                return luigi.LocalTarget(self.date.strftime("streams_%Y_%m_%d.tsv"))

        class Top(luigi.Task):
            date_interval = luigi.DateIntervalParameter()
            def requires(self):
                return [Streams(date) for date in self.date_interval]
            def output(self):
                return luigi.LocalTarget(f"top_{self.date_interval}.tsv")
            def run(self):
                lines = [line for f in self.input() for line in f.open("r")]
                with self.output().open("w") as output:
                    output.writelines(lines[: TopConfig().limit])

        class Root(Pipeline):
            def requires(self):
                days = luigi.date_interval.Custom.parse("2026-11-20-2026-11-22")
                return Top(date_interval=days)
    """)

    run = succeeds(project)

    assert len((project.path / "top_2026-11-20-2026-11-22.tsv").read_text().splitlines()) == 2
    top = run.task("top/date_interval=2026-11-20-2026-11-22")
    assert top.depends_on == ("streams/date=2026-11-20", "streams/date=2026-11-21")


def test_range_daily(project: Project) -> None:
    project.pipeline("""
        import datetime
        from luigi.tools.range import RangeDaily

        class Day(luigi.Task):
            date = luigi.DateParameter()
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"day-{self.date}")

        class Root(Pipeline):
            def requires(self):
                day = datetime.date(2026, 11, 20)
                return RangeDaily(of=Day, start=day, stop=day + datetime.timedelta(days=2))
    """)

    run = succeeds(project)

    assert {"day/date=2026-11-20", "day/date=2026-11-21"} <= {task.task_id for task in run.tasks}


def test_requires_and_inherits(project: Project) -> None:
    project.pipeline("""
        from luigi.util import inherits, requires

        class A(luigi.Task):
            n = luigi.IntParameter(default=1)
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"a-{self.n}")

        @requires(A)
        class B(luigi.Task):
            def run(self):
                self.output().open("w").close()
            def output(self):
                return luigi.LocalTarget(f"b-{self.n}")

        @inherits(B)
        class C(NotebookTask):
            def requires(self):
                return self.clone(B)

        class Root(Pipeline):
            def requires(self):
                return C(n=2)
    """)
    project.notebook("c", "assert inputs.name == 'b-2'", parameters="n = 0\ninputs = None")

    assert arrows(succeeds(project)) == {"a/n=2": (), "b/n=2": ("a/n=2",), "c/n=2": ("b/n=2",)}


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


def test_a_lone_task_is_a_pipeline(project: Project) -> None:
    project.pipeline(DYNAMIC)
    (project.path / "mended").touch()

    done = project.nightbook("run", "--pipeline", "pipe:Dynamic", "--set", "seed=3")

    assert done.returncode == 0, done.stderr
    assert project.record().pipeline == "dynamic"
    assert project.record().task("dynamic/seed=3").outcome is Outcome.SUCCESS


def test_a_lone_task_is_resumed(project: Project) -> None:
    project.pipeline(DYNAMIC)
    assert project.nightbook("run", "--pipeline", "pipe:Dynamic").returncode == 1
    (project.path / "mended").touch()

    assert project.nightbook("resume").returncode == 0
    assert len(project.runs) == 1


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
