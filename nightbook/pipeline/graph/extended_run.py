"""A run to which tasks were added: its pipeline and the added tasks below one root."""

import luigi

from nightbook.pipeline.graph.named_task import entry_point_of, named_task
from nightbook.pipeline.parameters.hidden_parameters import recorded_texts
from nightbook.pipeline.tasks.run_task import RunTask
from nightbook.record.format.added_tasks import AddedTask


class ExtendedRun(RunTask, luigi.WrapperTask):
    """The root of a whole run; its parameter says all of it, because other processes make it again."""

    task_namespace = "nightbook"  # a forker may have a class of this name
    parts = luigi.ListParameter()  # [entry point, texts of parameters]: of the pipeline, then of added tasks

    def requires(self) -> list[luigi.Task]:
        """Return the pipeline and the added tasks."""
        return [named_task(entry_point, dict(texts)) for entry_point, texts in self.parts]


def extend(run_id: str, pipeline: AddedTask, added: tuple[AddedTask, ...]) -> luigi.Task:
    """Return the root of the run; it is the pipeline itself while no task was added."""
    if not added:
        return named_task(pipeline.entry_point, pipeline.parameters)
    parts = [[part.entry_point, dict(part.parameters)] for part in (pipeline, *added)]
    return ExtendedRun(run_id=run_id, parts=parts)


def parts_of(root: luigi.Task) -> list[luigi.Task]:
    """Return the pipeline of a run, then the tasks that were added."""
    return root.requires() if isinstance(root, ExtendedRun) else [root]


def as_part(task: luigi.Task) -> AddedTask:
    """Return the task as the record names it."""
    return AddedTask(entry_point_of(task), recorded_texts(task))
