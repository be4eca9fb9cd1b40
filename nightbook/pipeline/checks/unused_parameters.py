"""Parameters of a pipeline that change nothing: no task is given them, and no method reads them."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FunctionType
from typing import Any

import luigi

from nightbook.pipeline.graph.dependencies import dependencies


def unused_parameters(root: luigi.Task, names: Iterable[str]) -> list[str]:
    """Return those of the root's parameters that reach no task.

    A root that does something itself may use all of them. Of one that only wraps others, each parameter
    counts as used that ``requires()`` reads, also by ``self.clone(...)`` for a task that has the parameter,
    and each that the code of its class mentions. Insignificant ones are not judged.
    """
    if not isinstance(root, luigi.WrapperTask):
        return []
    with _attributes_read(root) as read:
        dependencies(root)
    if "param_kwargs" in read:  # all of them at once
        return []
    used = read | _mentioned(type(root))
    judged = [name for name, parameter in root.get_params() if parameter.significant and name != "run_id"]
    return [name for name in names if name in judged and name not in used]


@contextmanager
def _attributes_read(task: luigi.Task) -> Iterator[set[str]]:
    """Yield the names of the task's attributes that are read while the context is open."""
    read: set[str] = set()
    task_class: Any = type(task)
    own = "__getattribute__" in vars(task_class)
    before = task_class.__getattribute__

    def observe(self: luigi.Task, name: str) -> Any:
        if self is task:
            read.add(name)
        return before(self, name)

    task_class.__getattribute__ = observe
    try:
        yield read
    finally:
        if own:
            task_class.__getattribute__ = before
        else:
            del task_class.__getattribute__


def _mentioned(task_class: type) -> set[str]:
    """Return the names of all attributes in the code of a forker's class: a value may be kept for later."""
    owners = [owner for owner in task_class.__mro__ if owner.__module__.partition(".")[0] not in _MACHINERY]
    functions = [found for owner in owners for value in vars(owner).values() for found in _functions(value)]
    return {name for function in functions for name in _names(function.__code__)}


_MACHINERY = ("builtins", "luigi", "nightbook")


def _functions(value: object) -> Iterator[FunctionType]:
    parts = [value, *(getattr(value, name, None) for name in ("fget", "func", "__func__", "__wrapped__"))]
    return (part for part in parts if isinstance(part, FunctionType))


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
        elif isinstance(constant, str):
            yield constant  # as in getattr(self, "size")
