"""An exception as text that can leave its process: the exception itself may not be picklable."""

import traceback
from dataclasses import asdict

from nightbook.execution.bounded_error import bounded_error

_MOST_CHARACTERS = 4_000_000  # of a message that is looked at: the record has less


def describe(exception: BaseException, *, skipped_frames: int) -> dict[str, str]:
    """Return the type, message and traceback, without the outermost frames, which are not the function's."""
    trace = exception.__traceback__
    for _ in range(skipped_frames):
        trace = trace.tb_next if trace else None
    return asdict(bounded_error(type(exception).__name__, _message(exception), _traceback(exception, trace)))


def _message(exception: BaseException) -> str:
    try:
        return str(exception)[:_MOST_CHARACTERS]
    except BaseException as error:  # noqa: BLE001 whatever a class's own __str__ raises
        return f"<str() of it raised {type(error).__name__}>"


def _traceback(exception: BaseException, trace: object) -> str:
    try:
        lines = traceback.format_exception(exception.with_traceback(trace))  # type: ignore[arg-type]
    except BaseException as error:  # noqa: BLE001 as above
        return f"<the traceback cannot be shown: {type(error).__name__}>"
    return "".join(line[:_MOST_CHARACTERS] for line in lines)
