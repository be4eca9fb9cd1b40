"""The traceback of a task's exception as its author knows it: from the first frame of their own code."""

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import luigi

import nightbook
from nightbook.execution.function.exceptions import describe
from nightbook.record.format.model import Error

_MACHINERY = tuple(Path(package.__path__[0]) for package in (luigi, nightbook))


def describe_users_exception(exception: BaseException) -> Error:
    """Return the exception as the record has it, without the frames of Luigi and Nightbook that called.

    So are those that it was raised from. A traceback stays whole if no other frame is in it.
    """
    for one in _chain(exception):
        own = one.__traceback__
        while own is not None and _is_machinery(own):
            own = own.tb_next
        one.__traceback__ = own or one.__traceback__
    return Error(**describe(exception, skipped_frames=0))


def _chain(exception: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    one: BaseException | None = exception
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _is_machinery(frame: TracebackType) -> bool:
    file = Path(frame.tb_frame.f_code.co_filename)
    return any(file.is_relative_to(folder) for folder in _MACHINERY)
