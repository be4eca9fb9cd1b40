"""The traceback of a task's exception as its author knows it: from the first frame of their own code."""

from pathlib import Path
from types import TracebackType

import luigi

import nightbook
from nightbook.execution.attempt import describe_exception
from nightbook.record.format.model import Error

_MACHINERY = tuple(Path(package.__path__[0]) for package in (luigi, nightbook))


def describe_users_exception(exception: BaseException) -> Error:
    """Return the exception as the record has it, without the frames of Luigi and Nightbook that called.

    The traceback stays whole if no other frame is in it.
    """
    whole = exception.__traceback__
    own = whole
    while own is not None and _is_machinery(own):
        own = own.tb_next
    return describe_exception(exception.with_traceback(own or whole))


def _is_machinery(frame: TracebackType) -> bool:
    file = Path(frame.tb_frame.f_code.co_filename)
    return any(file.is_relative_to(folder) for folder in _MACHINERY)
