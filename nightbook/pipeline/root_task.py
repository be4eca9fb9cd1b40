"""The root of a pipeline as a Luigi task, recorded even when Luigi's own command runs it."""

import atexit
import importlib
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

import luigi
from luigi.parameter import ParameterException

from nightbook.pipeline.graph import PipelineError
from nightbook.pipeline.invocation import invocation
from nightbook.pipeline.notebook_task import RunTask

_recorded: set[str] = set()


class Pipeline(RunTask, luigi.WrapperTask):
    """A whole run: ``requires()`` names the tasks that no other task waits for.

    Example:
        >>> import nightbook
        >>> class Ingest(nightbook.NotebookTask):
        ...     pass
        >>> class Nightly(nightbook.Pipeline):
        ...     def requires(self):
        ...         return [self.clone(Ingest)]
        >>> [task.task_name for task in Nightly().requires()]
        ['ingest']

    """


def load_pipeline(entry_point: str, parameters: Mapping[str, str]) -> Pipeline:
    """The root task that ``module:Class`` names, made from the texts of its parameters."""
    module_name, _, class_name = entry_point.partition(":")
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        pipeline = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
        raise PipelineError(
            f"there is no pipeline {entry_point!r} ({error}): "
            "name one as MODULE:CLASS, as luigi.cfg does under [nightbook]"
        ) from error
    if not (isinstance(pipeline, type) and issubclass(pipeline, Pipeline)):
        raise PipelineError(f"{entry_point} is no subclass of nightbook.pipeline.root_task.Pipeline")
    unknown = sorted(set(parameters) - {name for name, _ in pipeline.get_params()})
    if unknown:
        raise PipelineError(f"the pipeline {entry_point} has no parameter {', '.join(unknown)}")
    try:
        root: Pipeline = pipeline.from_str_params(dict(parameters))
    except (ParameterException, ValueError) as error:
        raise PipelineError(f"the parameters of the pipeline {entry_point} are wrong: {error}") from error
    return root


def expect_invocation(root: RunTask) -> None:
    """Say that the caller itself records the invocation of the root's run."""
    _recorded.add(root.run_id)


@RunTask.event_handler(luigi.Event.DEPENDENCY_DISCOVERED)
def _record_luigi_command(root: RunTask, _: luigi.Task) -> None:
    """Record an invocation that ``luigi --module ...`` started; it ends with this process.

    Luigi has an event for the first dependency it finds, and none for the end of its work.
    """
    if root.run_id not in _recorded:
        expect_invocation(root)
        stack = ExitStack()
        stack.enter_context(invocation(root))
        atexit.register(stack.close)
