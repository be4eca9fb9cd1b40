"""A function as a Luigi task: the method ``execute`` of its class."""

from pathlib import Path
from typing import Any

from nightbook.execution.body import BodyError
from nightbook.execution.function.body import FunctionBody
from nightbook.pipeline.code.class_source import source_name, source_text
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.record.format.model import TaskKind
from nightbook.settings import settings


class FunctionTask(AttemptTask):
    """A function with one set of parameters: define ``execute``.

    Each attempt calls it in a process of its own, in the project's folder. Parameters are attributes, as in
    Luigi. What it prints goes to the attempt's ``output.log``; what it returns is ignored. An exception of
    any kind is a failure. Processes and threads that it leaves running are ended.

    Example:
        >>> import luigi, nightbook
        >>> class Clean(nightbook.FunctionTask):
        ...     threshold = luigi.FloatParameter(default=8.0)
        ...     timeout_s = 120
        ...     def execute(self, inputs, output_dir):
        ...         nightbook.log_metric("threshold", self.threshold)
        >>> task = Clean(threshold=0.9)
        >>> task.task_name, task.body_parameters
        ('clean', {'threshold': 0.9})

    """

    kind = TaskKind.FUNCTION

    def execute(self, inputs: Any, output_dir: Path) -> object:
        """Do the task's work.

        ``inputs`` are the output folders of the tasks in ``requires()``, in the same dict or list, or None
        without any: annotate them as what they are. Files for the tasks that follow belong in ``output_dir``.
        """
        raise NotImplementedError(f"{type(self).__name__} has no execute(self, inputs, output_dir)")

    @property
    def body_source(self) -> str:
        """The file and the name of the class."""
        return source_name(type(self))

    @property
    def body(self) -> FunctionBody:
        """The function, as an attempt executes it."""
        name = type(self).__name__
        if type(self).execute is FunctionTask.execute:
            raise BodyError(f"{name} does nothing: define `def execute(self, inputs, output_dir):` in it")
        config = settings()
        return FunctionBody(
            function=self.execute,
            name=f"{name}.execute",
            source=source_text(type(self)),
            inputs=self.body_inputs,
            environment=config.kernel.environment,
            max_output_bytes=config.max_output_bytes,
        )
