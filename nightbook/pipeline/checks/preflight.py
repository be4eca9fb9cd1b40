"""What is checked of all tasks before a run: what cannot work is said at once, each on a line of its own."""

import keyword
import math
import re
from collections.abc import Callable, Iterator, Sequence

import luigi
from luigi.mock import MockTarget
from luigi.task import flatten
from luigi.task_register import Register

from nightbook.execution.body import BodyError
from nightbook.execution.engines.registry import find_engine
from nightbook.pipeline.checks.own_members import find_fault
from nightbook.pipeline.code.entry_point import PipelineError
from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.pipeline.tasks.external_data import is_external, missing_data
from nightbook.settings import settings

_GIVEN = ("inputs", "output_dir")  # names that a body is given besides its parameters


def check_tasks(tasks: Sequence[luigi.Task], *, workers: int) -> None:
    """Raise EngineError if there is no such engine, and PipelineError with all that cannot work.

    ``workers`` is the number of processors that tasks may count as theirs.
    """
    engine = find_engine(settings().engine)
    workers = engine.capacity or workers
    engine.close()
    problems = find_problems(tasks, workers=workers)
    if problems:
        raise PipelineError("\n".join(problems))


def find_problems(tasks: Sequence[luigi.Task], *, workers: int) -> list[str]:
    """Return all that cannot work of the tasks, each on a line with the mend."""
    problems = [problem for task in tasks for problem in _problems(task, workers)]
    return list(dict.fromkeys(problems))


def _problems(task: luigi.Task, workers: int) -> Iterator[str]:
    """Yield the fault of a member of the task's class; without one, what else cannot work."""
    if fault := find_fault(task):
        yield fault
        return
    for check in _CHECKS:
        yield from check(task)
    yield from _resources(task, workers)


def _name(task: luigi.Task) -> str:
    """Return the task as Luigi writes it, without the run to which all tasks belong."""
    return re.sub(r"run_id=[\w-]+(, )?", "", str(task))


def _external(task: luigi.Task) -> Iterator[str]:
    waits = luigi.configuration.get_config().getboolean("worker", "retry_external_tasks", False)
    if is_external(task) and not waits and not task.complete():
        mend = f"provide it, or correct {type(task).__name__}.output()"
        yield f"{_name(task)}: {missing_data(task)}: {mend}"


def _attempt_bounds(task: luigi.Task) -> Iterator[str]:
    count = task.retry_count
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        problem = f"retry_count is {count!r}, and is a number of attempts"
        yield f"{_name(task)}: {problem}: set an integer from 1 on"
    timeout_s = getattr(task, "timeout_s", None)
    if timeout_s is None:
        return
    if isinstance(timeout_s, bool) or not isinstance(timeout_s, int | float) or not 0 < timeout_s < math.inf:
        problem = f"timeout_s is {timeout_s!r}, and is the time of an attempt"
        yield f"{_name(task)}: {problem}: set seconds above 0, or None for no deadline"


def _resources(task: luigi.Task, workers: int) -> Iterator[str]:
    config = luigi.configuration.get_config()
    for name, amount in task.process_resources().items():
        least = 1 if name == "num_cpus" else 0
        if isinstance(amount, bool) or not isinstance(amount, int) or amount < least:
            yield f"{_name(task)}: it needs {amount!r} of the resource {name}: set an integer from {least} on"
            continue
        # Luigi has one of each resource that is not declared.
        total = workers if name == "num_cpus" else config.getint("resources", name, 1)
        if amount <= total:
            continue
        mend = f"give {name} = {amount} in [resources] of luigi.cfg"
        if name == "num_cpus":
            mend = f"lower num_cpus, or run with --workers {amount}"
        yield f"{_name(task)}: it needs {amount} of the resource {name}, and there are {total}: {mend}"


def _parameter_names(task: luigi.Task) -> Iterator[str]:
    if isinstance(task, AttemptTask):
        for name in task.body_parameters:
            if keyword.iskeyword(name) or name in _GIVEN:
                reason = (
                    "is a word of Python's" if keyword.iskeyword(name) else f"is what a {task.kind} is given"
                )
                yield f"{_name(task)}: the parameter {name} cannot be set, its name {reason}: rename it"


def _inputs(task: luigi.Task) -> Iterator[str]:
    if isinstance(task, AttemptTask):
        try:
            _ = task.body_inputs
        except ValueError as error:
            yield f"{_name(task)} cannot be given its input: {error}"


def _body(task: luigi.Task) -> Iterator[str]:
    if isinstance(task, AttemptTask) and not any(_parameter_names(task)):  # a cell for such a name misleads
        try:
            task.body.check()
        except BodyError as error:
            yield str(error)
        except ValueError:
            pass  # an input that cannot be given, which is reported already


def _memory(task: luigi.Task) -> Iterator[str]:
    if any(isinstance(target, MockTarget) for target in flatten(task.output())):
        yield (
            f"{_name(task)}: its output is a MockTarget, which is in memory: a task has a process of "
            "its own, so no other task would find it. Use luigi.LocalTarget"
        )


def _batches(task: luigi.Task) -> Iterator[str]:
    if task.batchable:
        yield (
            f"{_name(task)}: it has a batch_method, and Luigi would run several tasks as one that the "
            "record does not know: remove batch_method"
        )


def _worker_timeout(task: luigi.Task) -> Iterator[str]:
    if task.worker_timeout:
        yield (
            f"{_name(task)}: worker_timeout is {task.worker_timeout}, with which Luigi ends a task in the "
            "middle of writing: write timeout_s in place of it"
        )


def _family(task: luigi.Task) -> Iterator[str]:
    known = Register._get_reg().get(task.task_family)  # noqa: SLF001 Luigi's one list
    if known is Register.AMBIGUOUS_CLASS:
        yield (
            f"{_name(task)}: there are two classes {task.task_family}, and Luigi tells tasks apart by that "
            "name: rename one, or give it another task_namespace"
        )


_CHECKS: tuple[Callable[[luigi.Task], Iterator[str]], ...] = (
    _external,
    _attempt_bounds,
    _parameter_names,
    _inputs,
    _body,
    _memory,
    _batches,
    _worker_timeout,
    _family,
)
