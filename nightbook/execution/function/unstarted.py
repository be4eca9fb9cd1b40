"""Functions whose call runs nothing of them: only what they return could be run."""

import inspect
from collections.abc import Callable

_KINDS: tuple[tuple[Callable[[object], bool], Callable[[object], bool], str], ...] = (
    (inspect.iscoroutinefunction, inspect.iscoroutine, "a coroutine"),
    (inspect.isgeneratorfunction, inspect.isgenerator, "a generator"),
    (inspect.isasyncgenfunction, inspect.isasyncgen, "an asynchronous generator"),
)
"""What tells such a function, what tells what it returns, and how that is called."""


def returned_kind(function: object) -> str | None:
    """Return what a call of the function returns if it runs nothing: ``a generator``. None if it runs."""
    return next((kind for is_function, _, kind in _KINDS if is_function(function)), None)


def check_returned(value: object, name: str) -> None:
    """Raise TypeError if nothing of the function ``name`` has run; a decorator may hide what it is."""
    for _, is_value, kind in _KINDS:
        if is_value(value):
            raise TypeError(
                f"{name} returned {kind}, of which nothing has run: define it with `def`, without yield"
            )
