"""The changes of run records after which the tracker's pages are out of date."""

import time
from collections.abc import Callable, Collection
from pathlib import Path

from nightbook.record.format.layout import RunFolder
from nightbook.record.read.live import AttemptEnded, AttemptStarted, LiveRun
from nightbook.record.read.reader import find_runs
from nightbook.record.write.run_lock import is_running

_OUTPUT_PAUSE_S = 15
_LIVE_FILES = frozenset({"output.log", "progress.json"})


class RunChanges:
    """Remembers the runs as they were at the last look; executed cells alone do not count as a change.

    What attempts print, and how far they say that they are, counts every 15 s: a build takes seconds.
    """

    def __init__(self, runs: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._runs = runs
        self._clock = clock
        self._printed = False
        self._happened_s = float("-inf")
        self._known: set[str] = set()
        self._live: dict[str, LiveRun] = {}
        self._running: set[str] = set()

    def happened(self, changed: Collection[Path]) -> bool:
        """Return whether, since the last call, a run or attempt began or ended, or a record came or went.

        ``changed`` are the paths of changed files and folders.
        """
        known = {folder.name for folder in find_runs(self._runs)}
        touched = {path.relative_to(self._runs).parts[0] for path in changed if path != self._runs} & known
        news = [self._has_news(run_id) for run_id in sorted(touched)]
        # A run's lock is gone with its process, and no file changes then.
        watched = (touched | self._running) & known
        running = {run_id for run_id in watched if is_running(RunFolder(self._runs / run_id))}
        self._printed = self._printed or any(path.name in _LIVE_FILES for path in changed)
        happened = any(news) or known != self._known or running != self._running or self._is_printing()
        self._known, self._running = known, running
        if happened:
            self._printed, self._happened_s = False, self._clock()
        return happened

    def _is_printing(self) -> bool:
        return self._printed and self._clock() - self._happened_s >= _OUTPUT_PAUSE_S

    def _has_news(self, run_id: str) -> bool:
        """Return whether an attempt of the run began or ended."""
        if run_id not in self._live:
            self._live[run_id] = LiveRun.from_now_on(RunFolder(self._runs / run_id).spans)
            return True
        try:
            events = list(self._live[run_id].new_events())
        except (OSError, ValueError):  # the record is being removed, or never was one
            return True
        return any(isinstance(event, AttemptStarted | AttemptEnded) for event in events)
