"""How what a run holds is shown: outcomes with their state at this moment, times, sizes, titles."""

from dataclasses import dataclass
from datetime import UTC, datetime

from nightbook.record.format.model import Attempt, Outcome, Run, Task
from nightbook.record.render.plain_text import counted

RUNNING = "running"
UNREADABLE = "unreadable"
GLYPHS = {
    Outcome.SUCCESS: "✓",
    Outcome.FAILURE: "✗",
    Outcome.TIMEOUT: "◷",
    Outcome.INTERRUPTED: "ϟ",
    Outcome.NOT_RUN: "○",
    RUNNING: "▸",
    UNREADABLE: "?",
}
_SECOND = 1_000_000_000
_MS = 1_000_000
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_KILO = 1000
_ROUNDED_UP = 999.5  # three digits of it are 1000


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as it is at this moment: what has no end yet is *running*, not interrupted."""

    run: Run
    running: bool

    @property
    def outcome(self) -> str:
        """The run's outcome, or *running*."""
        return RUNNING if self.running else self.run.outcome

    def attempt_outcome(self, attempt: Attempt) -> str:
        """The attempt's outcome, or *running*."""
        return RUNNING if self.running and attempt.outcome is Outcome.INTERRUPTED else attempt.outcome

    def task_outcome(self, task: Task) -> str:
        """The outcome of the task's last attempt, or *running*."""
        return self.attempt_outcome(task.attempts[-1]) if task.attempts else task.outcome


def iso_time(ns: int) -> str:
    """The time in ISO 8601, to the millisecond."""
    moment = _moment(ns)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{ns % _SECOND // _MS:03d}Z"


def date_text(iso: str) -> str:
    """The day of an ISO time, such as ``23 November 2026``."""
    moment = datetime.fromisoformat(iso)
    return f"{moment.day} {moment:%B %Y}"


def clock_text(iso: str) -> str:
    """The time of day of an ISO time, such as ``03:17``."""
    return f"{datetime.fromisoformat(iso):%H:%M}"


def size_text(size_bytes: int) -> str:
    """A size such as ``812 bytes`` or ``250 kB``."""
    if size_bytes < _KILO:
        return counted(size_bytes, "byte")
    size, power = float(size_bytes), 0
    while size >= _ROUNDED_UP and power < len(_UNITS):
        size, power = size / _KILO, power + 1
    return f"{size:.3g} {_UNITS[power - 1]}"


def outcome_class(outcome: str) -> str:
    """The outcome as a style sheet names it."""
    return outcome.replace(" ", "-")


def _moment(ns: int) -> datetime:
    """Of a time that is in no calendar, the last one that is."""
    try:
        return datetime.fromtimestamp(ns // _SECOND, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC)
