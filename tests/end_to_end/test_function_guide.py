"""The example of docs/how-to/write-a-function-task.md runs as it is written."""

import re

from tests.support.project import REPOSITORY, Project

GUIDE = REPOSITORY / "docs" / "how-to" / "write-a-function-task.md"


def test_the_example_runs(project: Project) -> None:
    example = re.search(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (project.path / "pipe.py").write_text(example[1], encoding="utf-8")

    done = project.run()

    assert done.returncode == 0, done.stdout + done.stderr
    assert project.record().task("measure/threshold=8.0").metrics == {"kept": 2}
    assert next(project.runs[-1].rglob("output/sorted.txt")).read_text() == "9\n12\n"
