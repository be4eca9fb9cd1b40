"""Luigi's own log: of a run, in the run's record; of a worker, on its terminal."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_LOGGERS = ("luigi", "luigi-interface", "luigi.scheduler")


@contextmanager
def luigi_log(file: Path) -> Iterator[None]:
    """Append what Luigi logs to the file, and print nothing of it, until the context closes."""
    handler = _LogFile(file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
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
        with _handled_by(handler):
            yield


@contextmanager
def _handled_by(handler: logging.Handler) -> Iterator[None]:
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
    try:
        yield
    finally:
        for name in _LOGGERS:
            logging.getLogger(name).removeHandler(handler)
        handler.close()


class _LogFile(logging.FileHandler):
    """A log that ends silently when the disk is full: the run record reports that the disk is full."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 the standard library's name
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)

    def close(self) -> None:
        with suppress(OSError):
            super().close()
