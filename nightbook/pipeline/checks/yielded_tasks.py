"""What ``run()`` of a task yields is checked, as all tasks are before a run, before Luigi gets it."""

from collections.abc import Callable, Generator
from functools import partial
from typing import Any

import luigi
from luigi.task import DynamicRequirements, flatten

from nightbook.pipeline.checks.preflight import find_problems
from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.graph.graph import KnownTasks, find_yielded
from nightbook.pipeline.parameters.hidden_parameters import recorded_texts


def checked_run(task: luigi.Task, run: Callable[[], Any], known: KnownTasks) -> Any:
    """Return what the task's ``run`` returns; if that yields tasks, each is checked.

    What cannot work is raised where ``run()`` yields it, as a PipelineError with all problems, and so is the
    failure of this task alone.
    """
    returned = run()
    return _checked(task, returned, known) if isinstance(returned, Generator) else returned


def _checked(task: luigi.Task, run: Generator[Any, Any, Any], known: KnownTasks) -> Generator[Any, Any, None]:
    go_on = partial(next, run)
    while True:
        try:
            yielded = go_on()
        except StopIteration:
            return
        try:
            _check(task, yielded, known)
        except PipelineError as error:
            go_on = partial(run.throw, error.with_traceback(None))
        else:
            go_on = partial(run.send, (yield yielded))


def _check(task: luigi.Task, yielded: Any, known: KnownTasks) -> None:
    required = yielded.requirements if isinstance(yielded, DynamicRequirements) else yielded
    new = find_yielded(task, flatten(required), known)
    for one in flatten(required):
        recorded_texts(one)  # by which this process knows the hidden values, for the worker's
    # The worker has set this to the number of processors that tasks may count as theirs.
    processors = luigi.configuration.get_config().getint("resources", "num_cpus")
    problems = find_problems(new, workers=processors)
    if problems:
        raise PipelineError("\n".join(problems))
