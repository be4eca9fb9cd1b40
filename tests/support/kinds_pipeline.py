"""A pipeline with a task of each kind that succeeds, one of each that fails, and one that goes on."""

from nightbook.record.format.model import Outcome
from tests.support.project import Project

_PIPELINE = '''
import subprocess
import time
from pathlib import Path

import nightbook


class Measure(NotebookTask):
    pass


class BadNotebook(NotebookTask):
    def requires(self):
        return self.clone(Measure)


class Clean(nightbook.FunctionTask):
    """Keep the rows of which all numbers are known."""

    threshold = luigi.FloatParameter(default=0.5)

    def requires(self):
        return self.clone(Measure)

    def execute(self, inputs, output_dir):
        print("reads", inputs.name)
        for number in range(101):
            print(f"\\r{number:3} %", end="", flush=True)
        print("\\nkept 3 of 5 rows")
        nightbook.log_metric("rows", 3)
        (output_dir / "rows.txt").write_text("3")


class BadFunction(nightbook.FunctionTask):
    def execute(self, inputs, output_dir):
        print("divides")
        self.divide(1)

    def divide(self, number):
        return number / 0


class Sort(nightbook.ScriptTask):
    command = "echo sorts; seq 5 | sort -r > $OUTPUT_DIR/sorted.txt; cat $OUTPUT_DIR/sorted.txt"


class BadScript(nightbook.ScriptTask):
    command = "echo begins; cat /no/such/file"


class Plain(luigi.Task):
    """Count what was sorted, as any task of Luigi's does."""

    def output(self):
        return luigi.LocalTarget("plain.txt")

    def run(self):
        print("counts")
        subprocess.run(["echo", "counted"], check=True)
        with self.output().open("w") as file:
            file.write("5")


class BadPlain(luigi.Task):
    def run(self):
        print("asks for a key")
        {}["missing"]


class Endless(nightbook.FunctionTask):
    def execute(self, inputs, output_dir):
        for step in range(40):
            print("step", step)
        nightbook.progress(37, 100, "epoch 3")
        Path("waits").touch()
        while not Path("go").exists():
            time.sleep(0.02)


class EndlessNotebook(NotebookTask):
    pass


class Root(Pipeline):
    def requires(self):
        return [
            self.clone(kind)
            for kind in (
                Endless, EndlessNotebook, BadNotebook, Clean, BadFunction, Sort, BadScript, Plain, BadPlain
            )
        ]
'''

_ENDLESS = """
    from pathlib import Path
    import time

    print("\\x1b[1mbegins\\x1b[0m")
    nightbook.progress(1, 4)
    Path("waits").touch()
    while not Path("../go").exists():
        time.sleep(0.02)
"""


def write_all_kinds(project: Project) -> None:
    """Write the pipeline and its notebooks; two tasks go on until there is a file ``go``."""
    project.pipeline(_PIPELINE)
    project.notebook("measure", 'nightbook.log_metric("accuracy", 0.97)\nprint("measured")')
    project.notebook("bad-notebook", "print('tries')", "int('seven')")
    project.notebook("endless-notebook", _ENDLESS)


def has_all_but_the_endless(project: Project) -> bool:
    """Return whether all attempts but the two endless ones have ended, and these go on."""
    if not (project.path / "waits").exists() or not (project.path / "notebooks" / "waits").exists():
        return False
    tasks = project.record().tasks
    return sum(task.outcome in (Outcome.SUCCESS, Outcome.FAILURE) for task in tasks) == len(tasks) - 2
