"""The tasks of a pipeline, and the order in which they are begun."""

from collections.abc import Callable, Iterator

import luigi
import pytest

from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.graph import dependencies, graph
from nightbook.pipeline.graph.graph import declare_tasks, find_needed, find_tasks, prioritize
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


class Leaf(luigi.Task):
    task_namespace = "graph"
    number = luigi.IntParameter()


class Chain(luigi.Task):
    task_namespace = "graph"
    length = luigi.IntParameter()

    def requires(self) -> list[luigi.Task]:
        return [Chain(self.length - 1)] if self.length else []


class Everything(luigi.WrapperTask):
    task_namespace = "graph"

    def requires(self) -> list[luigi.Task]:
        return [Leaf(1), Chain(2), Leaf(1)]


def odd(required: Callable[[luigi.Task], object]) -> luigi.Task:
    made: luigi.Task = type("Odd", (luigi.Task,), {"task_namespace": "graph", "requires": required})()
    return made


def test_each_task_comes_once_and_after_what_it_needs() -> None:
    assert find_tasks(Everything()) == [Leaf(1), Chain(0), Chain(1), Chain(2)]
    assert find_needed(Everything())[-1] == Everything()
    assert [task.depends_on for task in declare_tasks(find_tasks(Chain(1)))] == [
        (),
        ("graph.chain/length=0",),
    ]


def test_a_root_that_is_no_wrapper_is_a_task_itself() -> None:
    assert find_tasks(Leaf(1)) == [Leaf(1)]


def test_the_longest_chain_has_the_highest_priority() -> None:
    tasks = find_tasks(Everything())

    prioritize(tasks)

    assert [task.priority for task in tasks] == [1, 3, 2, 1]


@pytest.mark.parametrize(
    ("required", "message"),
    [
        (lambda task: task, "circle: Odd → Odd"),
        (lambda _: 1 / 0, r"Odd\.requires\(\) fails with ZeroDivisionError: division by zero"),
        (lambda _: Leaf, r"names the class Leaf, and needs a task: write self\.clone\(Leaf\)"),
        (lambda _: "leaf", "which is no task: name tasks only"),
        (lambda _: luigi.LocalTarget("x"), "which is a target, and needs a task: let an ExternalTask"),
    ],
)
def test_requirements_that_cannot_be_followed_are_named(
    required: Callable[[luigi.Task], object], message: str
) -> None:
    with pytest.raises(PipelineError, match=message):
        find_tasks(odd(required))


class Onward(luigi.Task):
    task_namespace = "graph"
    number = luigi.IntParameter(default=0)

    def requires(self) -> luigi.Task:
        return Onward(self.number + 1)


class Again(luigi.Task):
    task_namespace = "graph"

    def requires(self) -> Iterator[luigi.Task]:
        while True:
            yield Leaf(1)


@pytest.mark.parametrize("endless", [Onward, Again])
def test_tasks_without_an_end_are_refused(endless: type[luigi.Task], monkeypatch: pytest.MonkeyPatch) -> None:
    """With a lower limit: to make as many tasks as a pipeline may have takes half a minute."""
    for module in (graph, dependencies):
        monkeypatch.setattr(module, "MOST_TASKS", 1000)

    with pytest.raises(PipelineError, match=rf"more than 1,000 tasks at graph\.{endless.__name__}\("):
        find_tasks(endless())


def test_a_pipeline_without_tasks_is_refused() -> None:
    class Empty(luigi.WrapperTask):
        task_namespace = "graph"

    with pytest.raises(PipelineError, match="the pipeline Empty has no tasks"):
        find_tasks(Empty())
