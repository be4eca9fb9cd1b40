"""The function with which a notebook or function says how far it is."""

import os
import threading
import time
from functools import cache
from math import inf, isfinite
from pathlib import Path

from nightbook.record.format.reported_progress import ReportedProgress, write_progress
from nightbook.record.format.values import check_number
from nightbook.record.render.plain_text import one_line
from nightbook.record.write.attempt_context import active_attempt

__all__ = ["progress"]

_PAUSE_S = 0.2
_MAX_TEXT = 200


def progress(done: float, total: float | None = None, text: str = "") -> None:
    """Say how far the attempt is: on the terminal, on Luigi's page and on the tracker's page of the attempt.

    ``done`` of ``total`` steps are a percentage; without ``total``, only the text is shown. It may be called
    as often as you like, is no part of the record, and does nothing outside a run. Raise TypeError or
    ValueError for what is not a number or text, a negative ``done``, or a ``total`` of 0 or less.

    Example:
        >>> import nightbook
        >>> for epoch in range(3):
        ...     nightbook.progress(epoch + 1, total=3, text=f"epoch {epoch}")
        >>> nightbook.progress(-1)
        Traceback (most recent call last):
        ...
        ValueError: done is a finite number from 0, not -1

    """
    reported = _checked(done, total, text)
    attempt = active_attempt()
    if attempt is not None:
        _writer(attempt.folder.progress_file, os.getpid()).report(reported)


def _checked(done: float, total: float | None, text: str) -> ReportedProgress:
    if not isinstance(text, str):
        raise TypeError(f"the text of a progress is a string, not {type(text).__name__}")
    steps = _finite(done, "done", "from 0")
    if steps < 0:
        raise ValueError(f"done is a finite number from 0, not {done!r}")
    if total is None:
        return ReportedProgress(steps, None, one_line(text, _MAX_TEXT))
    all_steps = _finite(total, "total", "above 0, or None")
    if all_steps <= 0:
        raise ValueError(f"total is a finite number above 0, or None, not {total!r}")
    return ReportedProgress(steps, all_steps, one_line(text, _MAX_TEXT))


def _finite(value: float, name: str, bounds: str) -> float:
    try:
        number = float(check_number(value, name))
    except TypeError:
        raise TypeError(f"{name} is a number, not {type(value).__name__}") from None
    except OverflowError:  # an integer that no float can hold
        number = inf
    if not isfinite(number):
        raise ValueError(f"{name} is a finite number {bounds}, not {value!r}")
    return number


class _Writer:
    """Writes the file at most every 0.2 s; what comes in between waits, and the last is always written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._waiting: ReportedProgress | None = None
        self._timer: threading.Timer | None = None
        self._written_s = float("-inf")

    def report(self, reported: ReportedProgress) -> None:
        """Write the progress, now or soon."""
        with self._lock:
            self._waiting = reported
            rest_s = self._written_s + _PAUSE_S - time.monotonic()
            if rest_s <= 0 or reported.fraction == 1:
                self._write()
            elif self._timer is None:
                self._timer = threading.Timer(rest_s, self._on_timer)
                self._timer.daemon = True
                self._timer.start()

    def _on_timer(self) -> None:
        with self._lock:
            self._timer = None
            self._write()

    def _write(self) -> None:
        reported, self._waiting = self._waiting, None
        if reported is None:
            return
        self._written_s = time.monotonic()
        try:
            write_progress(self._path, reported)
        except OSError:  # a full disk, or an attempt that is over: the work is worth more than its progress
            return


@cache
def _writer(path: Path, _process: int) -> _Writer:
    """Return the writer of this process: a fork has copies of locks and timers that never run."""
    return _Writer(path)
