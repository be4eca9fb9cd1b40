"""What cannot work is refused before the run: each task on a line with the mend, all at once."""

import pytest

from tests.support.project import Project

ROW = """class Row(luigi.Target):
    def exists(self): return True
class Data(luigi.ExternalTask):
    def output(self): return Row()
"""


def refused(project: Project, classes: str, *tasks: str) -> str:
    body = "\n".join(f"    {line}" if line else "" for line in classes.splitlines())
    wanted = ", ".join(tasks)
    project.pipeline(
        f"{body}\n    class Root(Pipeline):\n        def requires(self):\n            return [{wanted}]\n"
    )
    project.notebook("work", "1", parameters="inputs = None")
    done = project.run("--workers", "2")
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert project.runs == []
    return done.stderr


def plain(body: str) -> str:
    return f"class Plain(luigi.Task):\n    {body}\n    def run(self): pass\n"


def notebook(body: str) -> str:
    return f"class Work(NotebookTask):\n    {body}\n"


@pytest.mark.parametrize(
    ("classes", "task", "message"),
    [
        (plain("resources = {'gpu': 2}"), "Plain()", "it needs 2 of the resource gpu, and there are 1"),
        (notebook("num_cpus = 9"), "Work()", "it needs 9 of the resource num_cpus, and there are 2"),
        (notebook("num_cpus = 0"), "Work()", "it needs 0 of the resource num_cpus: set an integer from 1"),
        (notebook("timeout_s = 0"), "Work()", "timeout_s is 0, and is the time of an attempt"),
        (notebook("timeout_s = float('nan')"), "Work()", "timeout_s is nan"),
        (notebook("timeout_s = '10'"), "Work()", "timeout_s is '10'"),
        (notebook("retry_count = 0"), "Work()", "retry_count is 0, and is a number of attempts"),
        (plain("retry_count = 1.5"), "Plain()", "retry_count is 1.5"),
        (notebook("inputs = luigi.IntParameter(default=1)"), "Work()", "the parameter inputs cannot be set"),
        (plain("worker_timeout = 5"), "Plain()", "worker_timeout is 5"),
        (
            plain("n = luigi.IntParameter(batch_method=max)"),
            "Plain(n=1)",
            "it has a batch_method",
        ),
        (
            "from luigi.mock import MockTarget\n" + plain("def output(self): return MockTarget('x')"),
            "Plain()",
            "its output is a MockTarget, which is in memory",
        ),
        (plain("pass"), "Plain", "names the class Plain, and needs a task: write self.clone(Plain)"),
        (plain("pass"), "'Plain'", "'Plain' (str), which is no task"),
        (plain("pass"), "luigi.LocalTarget('x')", "which is a target, and needs a task"),
        (
            ROW + "class Work(NotebookTask):\n    def requires(self): return Data()\n",
            "Work()",
            "Data() has the output Row, which has neither a path nor a URL",
        ),
        (plain("pass") + "One = Plain\n" + plain("n = 1"), "One(), Plain()", "two tasks have the id 'plain'"),
        (plain("pass") + plain("n = 1"), "Plain()", "there are two classes Plain"),
    ],
)
def test_what_cannot_work(project: Project, classes: str, task: str, message: str) -> None:
    assert message in refused(project, classes, task)


def test_a_keyword_as_a_parameter(project: Project) -> None:
    classes = "Work = type('Work', (NotebookTask,), {'class': luigi.IntParameter(default=1)})\n"

    assert "the parameter class cannot be set, its name is a word of Python's" in refused(
        project, classes, "Work()"
    )


@pytest.mark.promise("What cannot work is named before the run, all of it at once.")
def test_all_problems_are_named_at_once(project: Project) -> None:
    classes = (
        "class Data(luigi.ExternalTask):\n    def output(self): return luigi.LocalTarget('data/sales.csv')\n"
        + plain("resources = {'gpu': 2}")
        + notebook("timeout_s = 0")
    )

    lines = refused(project, classes, "Data()", "Plain()", "Work()").splitlines()

    assert len(lines) == 4
    assert lines[0].startswith("error: Data(): data/sales.csv does not exist: provide it")
    assert lines[1].startswith("Plain(): it needs 2 of the resource gpu")
    assert lines[2].startswith("Work(): timeout_s is 0")
    assert "sets inputs, which the task does not pass" in lines[3]


def test_a_declared_resource_is_there(project: Project) -> None:
    with (project.path / "luigi.cfg").open("a") as file:
        file.write("\n[resources]\ngpu = 2\n")
    project.pipeline("""
        class Plain(luigi.Task):
            resources = {"gpu": 2}
            def output(self):
                return luigi.LocalTarget("x")
            def run(self):
                self.output().open("w").close()

        class Root(Pipeline):
            def requires(self):
                return Plain()
    """)

    assert project.run().returncode == 0


FUNCTION = """from enum import Enum
Color = Enum("Color", "RED BLUE")
class Work(nightbook.FunctionTask):
    {body}
    def execute(self, inputs, output_dir): pass
"""
SCRIPT = """class Work(nightbook.ScriptTask):
    @property
    def command(self): return self.nope
"""


@pytest.mark.parametrize(
    ("classes", "message"),
    [
        (
            FUNCTION.format(body="def output(self): raise KeyError('no')"),
            "Work.output() fails with KeyError: 'no'",
        ),
        (FUNCTION.format(body="def complete(self): 1 / 0"), "Work.complete() fails with ZeroDivisionError"),
        (FUNCTION.format(body="def output(self): return 'x'"), "Work.output() gives 'x', which is no target"),
        (FUNCTION.format(body="priority = 'high'"), "Work.priority is 'high': set a number"),
        (FUNCTION.format(body="resources = 3"), "Work.resources is 3: set a dict"),
        (SCRIPT, "Work.command fails with AttributeError: 'Work' object has no attribute 'nope'"),
        (
            FUNCTION.format(body="def requires(self): raise ValueError('no\\nreq')"),
            "Work.requires() fails with ValueError: no req",
        ),
        (
            FUNCTION.format(body="inputs = luigi.Parameter(default='')"),
            "is what a function is given: rename it",
        ),
    ],
)
def test_a_member_of_a_class_that_fails(project: Project, classes: str, message: str) -> None:
    error = refused(project, f"import nightbook\n{classes}", "Work()")

    assert message in error
    assert error.count("\n") == 1
    assert ("(pipe.py, line " in error) == (" fails with " in message)


def test_a_list_of_members_of_an_enumeration(project: Project) -> None:
    """Luigi's own method writes such a list, and none of its members."""
    body = "colors = luigi.EnumListParameter(enum=Color, default=(Color.RED, Color.BLUE))"
    classes = f"import nightbook\n{FUNCTION.format(body=body)}"
    lines = "\n".join(f"    {line}" for line in classes.splitlines())
    project.pipeline(f"{lines}\n    class Root(Pipeline):\n        def requires(self): return Work()\n")

    assert project.run().returncode == 0

    assert project.record().tasks[0].parameters == {"colors": ["RED", "BLUE"]}
