"""The root of a pipeline as a Luigi task, recorded even when Luigi's own command runs it."""

import atexit
from collections.abc import Mapping
from contextlib import ExitStack

import luigi

from nightbook.pipeline.invocation import invocation
from nightbook.pipeline.named_task import named_task
from nightbook.pipeline.parameters import use_run_id
from nightbook.pipeline.run_task import RunTask

# The runs of this process that somebody records already. Luigi's own command calls nothing of ours before it
# looks for dependencies, so that the first of them must tell if `nightbook run` is behind it.
_recorded: set[str] = set()


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


def expect_invocation(run_id: str) -> None:
    """Declare that the caller itself records the invocation of the run."""
    _recorded.add(run_id)


@RunTask.event_handler(luigi.Event.DEPENDENCY_DISCOVERED)
def _record_luigi_command(root: RunTask, _: luigi.Task) -> None:
    """Record an invocation that ``luigi --module ...`` started; it ends when this process exits.

    Luigi has an event for the first dependency that it finds, and none for the end of its work.
    """
    if root.run_id not in _recorded:
        expect_invocation(root.run_id)
        stack = ExitStack()
        stack.enter_context(invocation(root))
        atexit.register(stack.close)
