"""Parts of a run as plain text on one line, of bounded length, and not escaped for any format."""

import json
import unicodedata

from nightbook.record.format.model import Outcome, Task

_SYMBOLS = {
    Outcome.SUCCESS: "✓",
    Outcome.FAILURE: "✗",
    Outcome.TIMEOUT: "⏱",
    Outcome.INTERRUPTED: "⚡",
    Outcome.NOT_RUN: "○",
    Outcome.REMOVED: "–",  # noqa: RUF001 a dash, and no minus
}
_JOINERS = "\u200c\u200d"  # spelling in Persian and Indic scripts, and emoji made of several


def one_line(text: str, limit: int) -> str:
    """Return the text on one line and, with its ellipsis, at most ``limit`` characters long.

    Characters that cannot be seen, such as the marks that turn the direction of writing, and those
    that cannot be encoded are shown as U+FFFD.
    """
    line = " ".join(text[: 4 * limit].split())
    bounded = line if len(line) <= limit and len(text) <= 4 * limit else f"{line[: limit - 1]}…"
    if bounded.isprintable():  # nearly always, and asked ten times faster than of each character
        return bounded
    return "".join(character if _is_visible(character) else "\ufffd" for character in bounded)


def outcome_text(outcome: Outcome) -> str:
    """Return the outcome with its symbol, such as ``✓ success``: colour alone is not readable by all."""
    return f"{_SYMBOLS[outcome]} {outcome}"


def parameters_text(task: Task) -> str:
    """Return the task's parameters, such as ``threshold=0.5, seed=1``."""
    return ", ".join(
        f"{name}={value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in task.parameters.items()
    )


def counted(count: int, noun: str) -> str:
    """Return a number of things, such as ``1 attempt`` or ``2 attempts``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _is_visible(character: str) -> bool:
    return character in _JOINERS or not unicodedata.category(character).startswith("C")
