"""The order in which the spans of several files were written."""

import re
from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import groupby

from nightbook.record.read.otlp import Span

# Invocations of the run, attempts of a task: one after another.
_NUMBERED = re.compile(r"(run|.*\.attempt)-\d+")


def in_order(spans: Iterable[tuple[str, Span]]) -> list[tuple[str, Span]]:
    """Return the spans, each with its file's name, in the order in which they were written.

    That is their order in each file, and in the files of a run's invocations or of a task's attempts,
    whatever their times are: a clock may have been set back between them. Only spans that different tasks
    have written side by side are ordered by time.
    """
    files = sorted(spans, key=lambda item: (_sequence(item[0]), len(item[0]), item[0]))
    sequences = [list(_timed(items)) for _, items in groupby(files, key=lambda item: _sequence(item[0]))]
    return [item for _, item in merge(*sequences, key=lambda timed: timed[0])]


def _sequence(file: str) -> str:
    numbered = _NUMBERED.match(file)
    return numbered[1] if numbered else file


def _timed(items: Iterable[tuple[str, Span]]) -> Iterator[tuple[int, tuple[str, Span]]]:
    """Yield the items, each with its end, or with the end of an item before it if that is later."""
    latest_ns = 0
    for item in items:
        latest_ns = max(latest_ns, item[1].end_ns)
        yield latest_ns, item
