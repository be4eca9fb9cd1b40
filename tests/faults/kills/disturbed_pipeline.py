"""A pipeline of two notebooks, a function and a plain task of Luigi's, whose runs are disturbed."""

import subprocess

from tests.faults.kills.numbered_steps import NOTES
from tests.support.project import REPOSITORY, Project

PIPELINE = """
    import time
    from pathlib import Path

    from nightbook import FunctionTask
    from tests.faults.kills.numbered_steps import LAST_LINE, STEP_S, do_steps

    class First(NotebookTask):
        retry_count = 2

    class Second(NotebookTask):
        retry_count = 2

        def requires(self):
            return {"first": self.clone(First)}

    class Count(FunctionTask):
        retry_count = 2

        def execute(self, inputs, output_dir):
            do_steps("count", output_dir)

    class Plain(luigi.Task):
        retry_count = 2

        def output(self):
            return luigi.LocalTarget("plain.txt")

        def run(self):
            with self.output().open("w") as file:
                for number in range(6):
                    print(number, file=file)
                    time.sleep(STEP_S)
                file.write(LAST_LINE)

    class Root(Pipeline):
        def requires(self):
            return [self.clone(Second), self.clone(Count), Plain()]
"""
_IMPORTS = "from pathlib import Path\nfrom tests.faults.kills.numbered_steps import RESULT, do_steps\n"


def write_pipeline(project: Project) -> None:
    """Write the pipeline, its notebooks, and the folder of its notes."""
    project.pipeline(PIPELINE)
    project.notebook("first", "do_steps('first', output_dir)", parameters=f"{_IMPORTS}output_dir = Path()")
    project.notebook(
        "second",
        "before = (inputs['first'] / RESULT).read_text()",
        "do_steps('second', output_dir, before)",
        parameters=f"{_IMPORTS}output_dir = Path()\ninputs = {{}}",
    )
    (project.path / "noted").mkdir()


def begin(project: Project, *arguments: str) -> subprocess.Popen[str]:
    """Start the run, or its resumption if there is one."""
    command = ("resume",) if project.runs else ("run", "--pipeline", "pipe:Root")
    return project.start(
        *command,
        "--workers",
        "2",
        *arguments,
        PYTHONPATH=str(REPOSITORY),
        **{NOTES: str(project.path / "noted")},
    )
