"""Which parameters of a pipeline reach no task."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import luigi
import pytest
from luigi.util import inherits, requires

from nightbook import EnvironmentParameter, FunctionTask, Pipeline
from nightbook.pipeline.checks.unused_parameters import unused_parameters


class Work(FunctionTask):
    size = luigi.IntParameter(default=1)


class Sized(Pipeline):
    """The parameter of each of the shapes below."""

    size = luigi.IntParameter(default=2)


class Cloned(Sized):
    def requires(self) -> luigi.Task:
        return self.clone(Work)


class Renamed(Sized):
    def requires(self) -> luigi.Task:
        return Work(size=self.size + 1)


class InProperty(Sized):
    @property
    def doubled(self) -> int:
        return self.size * 2

    def requires(self) -> luigi.Task:
        return Work(size=self.doubled)


class KeptForLater(Sized):
    @cached_property
    def works(self) -> list[Work]:
        return [Work(size=self.size)]

    def requires(self) -> list[Work]:
        return self.works


class ReadAtItsStart(Sized):
    def __init__(self, *arguments: Any, **parameters: Any) -> None:
        super().__init__(*arguments, **parameters)
        self.sizes = range(self.size)

    def requires(self) -> list[Work]:
        return [Work(size=size) for size in self.sizes]


class Elsewhere(Sized):
    def requires(self) -> list[Work]:
        return works_of(self)


def works_of(root: Sized) -> list[Work]:
    return [Work(size=root.size)]


class ByName(Sized):
    def requires(self) -> luigi.Task:
        return Work(**{name: getattr(self, name) for name in ("size",)})


class AllAtOnce(Sized):
    def requires(self) -> luigi.Task:
        return Work(size=self.param_kwargs["size"])


class OneByOne(Sized):
    def requires(self) -> Iterator[luigi.Task]:
        yield Work()
        yield Work(size=self.size)


class Condition(Sized):
    def requires(self) -> list[luigi.Task]:
        return [Work(size=9)] if self.size else [Work()]


class InOwnRun(Sized):
    def requires(self) -> luigi.Task:
        return Work(size=9)

    def run(self) -> None:
        print(self.size)


class FromSuper(Cloned):
    pass


@inherits(Work)
class Inheriting(Pipeline):
    def requires(self) -> Any:
        return self.clone_parent()


@requires(Work)
class Requiring(Pipeline):
    pass


class Insignificant(Pipeline):
    size = luigi.IntParameter(default=2, significant=False)

    def requires(self) -> luigi.Task:
        return Work(size=9)


class Environment(Pipeline):
    size = EnvironmentParameter("SIZE", ["1", "2"])

    def requires(self) -> luigi.Task:
        return Work(size=1 if self.size == "1" else 5)


class OnlyInRun(luigi.Task):
    size = luigi.IntParameter(default=2)

    def run(self) -> None:
        print(self.size)


@pytest.mark.parametrize(
    "pipeline",
    [
        Cloned,
        Renamed,
        InProperty,
        KeptForLater,
        ReadAtItsStart,
        Elsewhere,
        ByName,
        AllAtOnce,
        OneByOne,
        Condition,
        InOwnRun,
        FromSuper,
        Inheriting,
        Requiring,
        Insignificant,
        Environment,
        OnlyInRun,
        Work,
    ],
)
def test_a_parameter_that_is_used_is_not_named(pipeline: type[luigi.Task]) -> None:
    assert unused_parameters(pipeline(), ["size", "run_id"]) == []


class Forgotten(Sized):
    """Its task has a parameter of the name, and is not given it."""

    def requires(self) -> luigi.Task:
        return Work()


class Unknown(Sized):
    learning_rate = luigi.FloatParameter(default=1.0)

    def requires(self) -> luigi.Task:
        return self.clone(Work)


@pytest.mark.parametrize(("pipeline", "name"), [(Forgotten, "size"), (Unknown, "learning_rate")])
def test_a_parameter_that_reaches_no_task_is_named(pipeline: type[luigi.Task], name: str) -> None:
    assert unused_parameters(pipeline(), ["size", "learning_rate", "run_id"]) == [name]


def test_the_class_is_as_before() -> None:
    unused_parameters(Forgotten(), ["size"])

    assert "__getattribute__" not in vars(Forgotten)
    assert Forgotten(size=5).size == 5
