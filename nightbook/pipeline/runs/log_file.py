"""Luigi's own log: of a run, in the run's record; of a worker, on its terminal."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from copy import copy
from pathlib import Path
from typing import TextIO

_LOGGERS = ("luigi", "luigi-interface", "luigi.scheduler")


@contextmanager
def luigi_log(file: Path) -> Iterator[None]:
    """Append what Luigi logs to the file until the context closes. Loggers above do not get it."""
    handler = _LogFile(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    handler.setLevel(logging.INFO)
    with _handled_by(handler):
        yield


@contextmanager
def luigi_log_printed() -> Iterator[None]:
    """Print what Luigi logs on the present error stream, until the context closes.

    The process of a task gives its error stream to the task, whose output has no place for these lines.
    """
    with os.fdopen(os.dup(2), "w", encoding="utf-8", errors="backslashreplace") as stream:
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter("%(levelname)s: %(message)s"))
        handler.setLevel(logging.INFO)
        with _handled_by(handler):
            yield


@contextmanager
def _handled_by(handler: logging.Handler) -> Iterator[None]:
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(min(logger.getEffectiveLevel(), logging.INFO))
        logger.propagate = False
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()


def keep_on_terminal() -> None:
    """Let what Luigi logs go where this process prints, also while a task's output goes to a file.

    Luigi's own command logs to the standard error stream, which a task's process shares with the task.
    """
    terminals = {stream: _copy_of(stream) for stream in (sys.stdout, sys.stderr)}
    handlers = {name: list(_handlers(logging.getLogger(name))) for name in _LOGGERS}
    for name, own in handlers.items():
        logger = logging.getLogger(name)
        logger.propagate = False
        logger.handlers = [_moved(handler, terminals) for handler in own]


def _copy_of(stream: TextIO) -> TextIO:
    return os.fdopen(os.dup(stream.fileno()), "w", encoding=stream.encoding, errors=stream.errors)


def _handlers(logger: logging.Logger | None) -> Iterator[logging.Handler]:
    """Return what handles the logger's lines: its own handlers, and those of the loggers above it."""
    while logger is not None:
        yield from logger.handlers
        logger = logger.parent if logger.propagate else None


def _moved(handler: logging.Handler, terminals: dict[TextIO, TextIO]) -> logging.Handler:
    """Return the handler, or a copy of it that writes to the terminal itself."""
    stream = getattr(handler, "stream", None)
    if stream not in terminals:
        return handler
    moved = copy(handler)
    moved.stream = terminals[stream]  # type: ignore[attr-defined]  # it has one
    return moved


class _LogFile(logging.FileHandler):
    """A log that ends silently when the disk is full: the run record reports that the disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 the standard library's name
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)

    def close(self) -> None:
        with suppress(OSError):
            super().close()
