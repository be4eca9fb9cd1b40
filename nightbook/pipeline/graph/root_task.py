"""The root of a pipeline as a Luigi task."""

from collections.abc import Mapping

import luigi

from nightbook.pipeline.graph.named_task import named_task
from nightbook.pipeline.parameters.run_parameters import use_run_id
from nightbook.pipeline.tasks.run_task import RunTask


class Pipeline(RunTask, luigi.WrapperTask):
    """A whole run: ``requires()`` names the tasks that no other task depends on.

    Example:
        >>> import nightbook
        >>> class CleanData(nightbook.NotebookTask):
        ...     pass
        >>> class Nightly(nightbook.Pipeline):
        ...     def requires(self):
        ...         return [self.clone(CleanData)]
        >>> [task.task_name for task in Nightly().requires()]
        ['clean-data']

    """


def load_pipeline(entry_point: str, parameters: Mapping[str, str]) -> luigi.Task:
    """Return the root task that ``MODULE:CLASS`` names, made from its parameters' texts.

    Any class of tasks will do. A task that has no run id belongs to the run that this process executes.

    Raise PipelineError if there is no such pipeline or it does not take the parameters.
    """
    root = named_task(entry_point, parameters)
    if isinstance(root, RunTask):
        use_run_id(root.run_id)
    return root
