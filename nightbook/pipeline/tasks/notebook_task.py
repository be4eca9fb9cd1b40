"""A notebook as a Luigi task: a class of a few lines per notebook, and nothing else to write."""

from collections.abc import Mapping

from nightbook.execution.notebook.body import NotebookBody
from nightbook.pipeline.code.task_code import code_of_files
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.pipeline.tasks.native_values import native_values
from nightbook.record.format.model import TaskKind
from nightbook.settings import settings


class NotebookTask(AttemptTask):
    """One notebook with one set of parameters.

    The notebook is the file named like the class: ``CleanData`` runs ``clean-data.py``. Its parameters are
    the class's significant Luigi parameters. It is also given ``inputs``, the output folders of the tasks
    in ``requires()``, in the same dict or list, and ``output_dir``, the folder for its own output.

    Example:
        >>> import luigi, nightbook
        >>> class CleanData(nightbook.NotebookTask):
        ...     threshold = luigi.FloatParameter(default=0.5)
        ...     timeout_s = 120
        >>> task = CleanData(threshold=0.9)
        >>> task.body_source, task.body_parameters
        ('clean-data.py', {'threshold': 0.9})

    """

    kind = TaskKind.NOTEBOOK
    notebook: str = ""  # a file below the notebooks' folder, if it is not named like the class

    @property
    def body_source(self) -> str:
        """The notebook's path below the folder of notebooks."""
        return self.notebook or f"{self.task_name}.py"

    @property
    def body_code(self) -> Mapping[str, str]:
        """The notebook and the own modules that it imports."""
        source = settings().notebooks / self.body_source
        return code_of_files(source, folders=[source.parent, settings().notebooks])

    @property
    def body(self) -> NotebookBody:
        """The notebook, as an attempt executes it."""
        config = settings()
        return NotebookBody(
            source=config.notebooks / self.body_source,
            parameters=self._values(config.native_parameters),
            hidden=self.hidden_parameters,
            inputs=self.body_inputs,
            environment=config.kernel.environment,
            max_output_bytes=config.max_output_bytes,
            fallback_kernel=config.kernel.fallback,
            root=config.notebooks,
        )

    def _values(self, native: bool) -> Mapping[str, object]:  # noqa: FBT001 a setting
        """Return the parameters that are not hidden, as the notebook gets them."""
        if not native:
            return self.recorded_parameters
        hidden = self.hidden_parameters
        return {name: value for name, value in native_values(self).items() if name not in hidden}
