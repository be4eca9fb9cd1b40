"""The order in which tasks are begun."""

from nightbook.record.format.model import Outcome
from tests.support.project import Project

# Alphabetically, and in the order of `requires()`, the short ways come first.
WAYS = """
    class Short(NotebookTask):
        timeout_s = 300
        number = luigi.IntParameter()

    class Urgent(NotebookTask):
        timeout_s = 300
        priority = 99

    class Step(NotebookTask):
        timeout_s = 300
        number = luigi.IntParameter()

        def requires(self):
            return [self.clone(Step, number=self.number - 1)] if self.number else []

    class Root(Pipeline):
        def requires(self):
            return [
                *(self.clone(Short, number=number) for number in (1, 2)),
                self.clone(Step, number=2),
                self.clone(Urgent),
            ]
"""


def test_what_most_has_to_follow_on_comes_first(project: Project) -> None:
    project.pipeline(WAYS)
    for name in ("short", "step"):
        project.notebook(name, "number", parameters="number = 0")
    project.notebook("urgent", "1")

    assert project.run("--workers", "1").returncode == 0

    run = project.record()
    assert run.outcome is Outcome.SUCCESS
    begun = sorted(run.tasks, key=lambda task: task.attempts[0].start_ns)
    assert [task.task_id for task in begun][:3] == ["urgent", "step/number=0", "step/number=1"]
