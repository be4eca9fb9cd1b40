"""Times, sizes and outcomes as text on a page."""

from datetime import datetime

from nightbook.record.format.model import Outcome
from nightbook.record.format.units import NS_PER_S
from nightbook.record.render.durations import format_duration
from nightbook.record.render.plain_text import counted
from nightbook.record.render.run_status import RUNNING, UNREADABLE

_GLYPHS = {
    Outcome.SUCCESS: "✓",
    Outcome.FAILURE: "✗",
    Outcome.TIMEOUT: "◷",
    Outcome.INTERRUPTED: "ϟ",
    Outcome.NOT_RUN: "○",
    Outcome.REMOVED: "–",  # noqa: RUF001 a dash, and no minus
    RUNNING: "▸",
    UNREADABLE: "?",
}
_UNITS = ("kB", "MB", "GB", "TB", "PB", "EB")
_KILO = 1000
_CENTURY_S = 100 * 365 * 24 * 3600
_ROUNDED_UP = 999.5  # three digits of it are 1000


def date_text(iso: str) -> str:
    """Return the day of an ISO time, such as ``23 November 2026``."""
    moment = datetime.fromisoformat(iso)
    return f"{moment.day} {moment:%B %Y}"


def clock_text(iso: str) -> str:
    """Return the time of day of an ISO time, such as ``03:17``."""
    return f"{datetime.fromisoformat(iso):%H:%M}"


def seconds_text(seconds: float) -> str:
    """Return a duration such as ``1.2 s``; what is longer than a century, as infinity is, is ``for ever``."""
    return format_duration(round(seconds * NS_PER_S)) if seconds < _CENTURY_S else "for ever"


def size_text(size_bytes: int) -> str:
    """Return a size such as ``812 bytes`` or ``250 kB``."""
    if size_bytes < _KILO:
        return counted(size_bytes, "byte")
    size, power = float(size_bytes), 0
    while size >= _ROUNDED_UP and power < len(_UNITS):
        size, power = size / _KILO, power + 1
    return f"{size:.3g} {_UNITS[power - 1]}"


def outcome_glyph(outcome: str) -> str:
    """Return the character that stands for the outcome beside its name; empty for an unknown one."""
    return _GLYPHS.get(outcome, "")


def outcome_class(outcome: str) -> str:
    """Return the outcome's name in the style sheet."""
    return outcome.replace(" ", "-")
