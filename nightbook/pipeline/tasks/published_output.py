"""The target of a task whose output is published: it exists if the record says that the task succeeded."""

import luigi

from nightbook.execution.publication import is_published
from nightbook.record.format.layout import TaskFolder


class PublishedOutput(luigi.LocalTarget):
    """The task's output folder. A folder that something else has made in its place does not count."""

    def __init__(self, task: TaskFolder) -> None:
        super().__init__(str(task.output))
        self._task = task

    def exists(self) -> bool:
        """Return True if the task's newest attempt has published the folder and succeeded."""
        return is_published(self._task)
