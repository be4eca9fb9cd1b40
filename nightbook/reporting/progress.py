"""Live progress of a run: bars on a terminal, a line for each event elsewhere."""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from nightbook.record.format.reported_progress import ReportedProgress
from nightbook.record.format.visible_text import visible_line
from nightbook.record.read.live import AttemptEnded, AttemptStarted, CellDone, Event, LiveRun
from nightbook.record.render.durations import format_duration
from nightbook.record.render.plain_text import one_line, outcome_text
from nightbook.reporting.outcome_style import outcome_style
from nightbook.reporting.reported_steps import ReportedSteps

_log = logging.getLogger(__name__)
_POLL_S = 0.1
_REPORT_PAUSE_S = 10
_MAX_STEPS = 100


class View(Protocol):
    """Something that shows events."""

    def show(self, events: list[Event]) -> None:
        """Show the events since the last call."""


@contextmanager
def live_progress(folder: RunFolder, task_count: int) -> Iterator[None]:
    """Show the run in ``folder`` on standard output while the context is open."""
    with _view(folder, task_count) as view, _shown_meanwhile(LiveRun.from_now_on(folder.spans), view):
        yield


@contextmanager
def _shown_meanwhile(run: LiveRun, view: View) -> Iterator[None]:
    """Show events in a thread. A run goes on if its progress cannot be shown."""
    done = threading.Event()

    def follow() -> None:
        last = False
        try:
            while not last:
                last = done.wait(_POLL_S)
                view.show(list(run.new_events()))
        except OSError as error:  # the reader of our output has gone, as in `run | head`
            _log.info("the progress is no longer shown: %s", error)

    thread = threading.Thread(target=follow, name="progress", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def _view(folder: RunFolder, task_count: int) -> Iterator[View]:
    console = Console()
    if not console.is_terminal:
        yield _Lines(ReportedSteps(folder))
        return
    # Rich must not replace the streams: a task's process is a fork, and would write through Rich's lock.
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as bars:
        yield _Bars(bars, task_count, ReportedSteps(folder))


class _Lines:
    """Prints a line for each start and end of an attempt, and for its last cell in each call.

    What attempts report themselves is printed now and then: a log is no place for each step of a loop.
    """

    def __init__(self, steps: ReportedSteps) -> None:
        self._steps = steps
        self._printed_s: dict[AttemptStarted, float] = {}

    def show(self, events: list[Event]) -> None:
        last_cells = {event.attempt: event for event in events if isinstance(event, CellDone)}
        for event in events:
            match event:
                case AttemptStarted():
                    cells = f", {event.cell_count} cells" if event.cell_count else ""
                    _print(f"{event.task_id}: attempt {event.number} starts{cells}")
                case CellDone() if last_cells[event.attempt] is event:
                    elapsed = format_duration(event.end_ns - event.attempt.start_ns)
                    _print(
                        f"{_name(event.attempt)}: cell {event.index}/{event.attempt.cell_count}, {elapsed}"
                    )
                case AttemptEnded():
                    _print(_ended(event))
        for attempt, reported in self._steps.after(events):
            now_s = time.monotonic()
            if now_s - self._printed_s.get(attempt, float("-inf")) >= _REPORT_PAUSE_S:
                self._printed_s[attempt] = now_s
                _print(f"{_name(attempt)}: {_steps_text(reported)}")


class _Bars:
    """Shows a bar for each running attempt and one for all tasks, and prints a line for each end."""

    def __init__(self, bars: Progress, task_count: int, steps: ReportedSteps) -> None:
        self._bars = bars
        self._steps = steps
        self._running: dict[AttemptStarted, TaskID] = {}
        self._whole = bars.add_task("[bold]tasks", total=task_count)

    def show(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case AttemptStarted():
                    label = escape(_name(event))
                    self._running[event] = self._bars.add_task(label, total=event.cell_count)
                case CellDone():
                    label = escape(_name(event.attempt))  # what was reported is about the cell that ended
                    self._bars.update(self._running[event.attempt], completed=event.index, description=label)
                case AttemptEnded():
                    self._bars.remove_task(self._running.pop(event.attempt))
                    self._bars.console.print(
                        _ended(event), style=outcome_style(event.outcome), markup=False, highlight=False
                    )
                    self._bars.advance(self._whole, event.outcome is Outcome.SUCCESS)
        for attempt, reported in self._steps.after(events):
            label = escape(f"{_name(attempt)}: {_steps_text(reported)}")
            self._bars.update(self._running[attempt], description=label)
            if not attempt.cell_count and reported.total:
                self._bars.update(self._running[attempt], total=reported.total, completed=reported.done)


def _name(attempt: AttemptStarted) -> str:
    return f"{attempt.task_id}: attempt {attempt.number}"


def _steps_text(reported: ReportedProgress) -> str:
    return one_line(str(reported), _MAX_STEPS)


def _ended(event: AttemptEnded) -> str:
    elapsed = format_duration(event.end_ns - event.attempt.start_ns)
    reason = event.error.last_line if event.error else event.ended_by
    text = f"{outcome_text(event.outcome)} {_name(event.attempt)}, {elapsed}{f', {reason}' if reason else ''}"
    return visible_line(text)


def _print(line: str) -> None:
    """Write the line unbuffered: a task's process is a fork, and would write a buffer a second time."""
    stamp = time.strftime("%H:%M:%S", time.gmtime())
    os.write(sys.stdout.fileno(), f"{stamp} {line}\n".encode())
