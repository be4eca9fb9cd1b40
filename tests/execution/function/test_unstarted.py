"""Functions whose call would run nothing of them, and other ways to define one."""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial

import pytest

from nightbook.execution.body import BodyError
from nightbook.execution.function.body import FunctionBody
from nightbook.record.format.model import Outcome
from tests.support.attempted_function import Attempted


async def coroutine(*_: object) -> None: ...


def generator(*_: object) -> Iterator[None]:
    yield


async def asynchronous_generator(*_: object) -> AsyncIterator[None]:
    yield


UNSTARTED = [coroutine, generator, asynchronous_generator]


@pytest.mark.parametrize("function", UNSTARTED)
def test_a_function_whose_call_runs_nothing_is_refused_before_the_run(
    function: Callable[..., object],
) -> None:
    for each in (function, partial(function, "more")):
        body = FunctionBody(each, "Work.execute", "", None, {}, 1)
        with pytest.raises(BodyError, match=r"Work.execute is a.* none of it would run: define it as `def"):
            body.check()


@pytest.mark.parametrize("function", UNSTARTED)
def test_what_a_decorator_hides_of_it_is_a_failure(
    attempted: Attempted, function: Callable[..., object]
) -> None:
    def decorated(*arguments: object) -> object:
        return function(*arguments)

    error = attempted.error(decorated)

    assert error.type == "TypeError"
    assert re.search(r"Work.execute returned a.* of which nothing has run", error.message)


class Kinds:
    """Ways to define a method besides ``def``."""

    static = staticmethod(lambda _inputs, _output_dir: None)
    of_the_class = classmethod(lambda _class, _inputs, _output_dir: None)
    partial = partial(lambda _before, _inputs, _output_dir: None, 1)
    unnamed = lambda _self, _inputs, _output_dir: None  # noqa: E731


@pytest.mark.parametrize("kind", ["static", "of_the_class", "partial", "unnamed"])
def test_a_function_may_be_defined_in_other_ways(attempted: Attempted, kind: str) -> None:
    function = getattr(Kinds(), kind)

    FunctionBody(function, "Work.execute", "", None, {}, 1).check()
    assert attempted.make(function).outcome is Outcome.SUCCESS
