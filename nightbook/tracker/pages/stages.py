"""The stages of a build: an unexpected error of one record is known by the stage that it came from."""

from collections.abc import Iterator
from contextlib import contextmanager

_MAX_ERROR = 300


class StageError(Exception):
    """A record has met code that was not prepared for it; the message says where, and what was raised."""


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Tell whatever is raised within as a StageError of this stage."""
    try:
        yield
    except StageError:
        raise
    except Exception as error:
        raise StageError(f"{name}: {type(error).__name__}: {error!s:.{_MAX_ERROR}}") from error
