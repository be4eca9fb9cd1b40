"""How an attempt stands by its own span file: begun, ended, and with which outcome."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from nightbook.record.format import schema
from nightbook.record.format.layout import AttemptFolder, TaskFolder
from nightbook.record.format.schema import AttemptStart, Kind
from nightbook.record.format.vocabulary import Outcome
from nightbook.record.read.otlp import Span, parse_line
from nightbook.record.read.span_parsing import parse_attempt_start, parse_outcome


@dataclass(frozen=True, slots=True)
class OpenAttempt:
    """An attempt that has begun and has no end; ``span_id`` is that of the span that its end will be."""

    start: AttemptStart
    span_id: int


def has_succeeded(task: TaskFolder) -> bool:
    """Return True if the task's output is there and its newest attempt has recorded its success.

    Neither is enough alone: a notebook may make the folder itself, and an output may have been withdrawn.
    """
    if not task.output.exists():
        return False
    newest = task.newest_attempt()
    return newest is not None and recorded_outcome(newest) is Outcome.SUCCESS


def recorded_outcome(attempt: AttemptFolder) -> Outcome | None:
    """Return the outcome in the attempt's own span, which is written at its end; None before."""
    for span in _newest_first(attempt):
        if span.attributes.get(schema.KIND) == Kind.ATTEMPT:
            return parse_outcome(span, schema.TASK_RESULT)
    return None


def find_open(attempt: AttemptFolder) -> OpenAttempt | None:
    """Return the attempt if it has begun and has no end."""
    for span in _newest_first(attempt):
        match span.attributes.get(schema.KIND):
            case Kind.ATTEMPT:
                return None
            case Kind.ATTEMPT_START:
                return OpenAttempt(parse_attempt_start(span, AttemptStart), int(span.parent_id, 16))
    return None


def _newest_first(attempt: AttemptFolder) -> Iterator[Span]:
    try:
        lines = attempt.spans.read_bytes().splitlines()
    except OSError:
        return
    for line in reversed(lines):
        with suppress(ValueError):  # its writer was killed in the middle
            yield from parse_line(line)
