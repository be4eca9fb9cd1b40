"""What the tasks of a run print, shown on standard output as it is or while it grows."""

import shutil
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from nightbook.record.format.layout import AttemptFolder, RunFolder, TaskFolder
from nightbook.record.read.attempt_folders import attempts_of
from nightbook.record.read.output_lines import OutputLines
from nightbook.record.render.plain_text import one_line
from nightbook.record.render.terminal_text import coloured, plain
from nightbook.record.write.run_lock import is_running

_POLL_S = 0.2
_CLEAR_LINE = "\r\x1b[K"
_MAX_NAME = 200


def print_output(attempts: Iterable[AttemptFolder], *, with_headings: bool) -> None:
    """Print all that each attempt has printed so far, under a line with its name."""
    screen = _Screen(is_terminal=sys.stdout.isatty())
    for attempt in attempts:
        if with_headings:
            screen.line(_heading(attempt))
        lines = OutputLines(attempt.output_log)
        while found := lines.new_lines():
            for line in found:
                screen.line(line)
        if last := lines.last_line():
            screen.line(last)


def follow_output(run: RunFolder, is_wanted: Callable[[AttemptFolder], bool], *, with_names: bool) -> None:
    """Print what the newest attempts have printed, and all that is printed until the run ends.

    With names, each line has that of its task in front. Else a line that is not complete yet, such as a
    progress bar, is shown on a terminal too.
    """
    screen = _Screen(is_terminal=sys.stdout.isatty())
    following = _Following(screen, with_names=with_names)
    first = True
    while True:
        running = is_running(run)  # asked first: what an ended run has printed is in its files
        wanted = [attempt for attempt in attempts_of(run) if is_wanted(attempt)]
        following.look(newest_of(wanted) if first else wanted)
        if not running:
            following.end()
            return
        sys.stdout.flush()  # for whoever reads a pipe
        first = False
        time.sleep(_POLL_S)


def newest_of(attempts: Iterable[AttemptFolder]) -> list[AttemptFolder]:
    """Return the last attempt of each task."""
    return list({attempt.task.task_id: attempt for attempt in attempts}.values())


@dataclass(slots=True)
class _Following:
    """The attempts that are followed, and the last one of each task that was shown."""

    screen: "_Screen"
    with_names: bool
    _logs: dict[AttemptFolder, OutputLines] = field(default_factory=dict)
    _newest: dict[str, int] = field(default_factory=dict)

    def look(self, attempts: Iterable[AttemptFolder]) -> None:
        """Show what is new in the attempts; one that is older than another of its task is left out."""
        for attempt in attempts:
            if attempt in self._logs:
                self._show(attempt)
            elif attempt.number > self._newest.get(attempt.task.task_id, 0):
                self._end_task(attempt.task)
                self._newest[attempt.task.task_id] = attempt.number
                self._logs[attempt] = OutputLines(attempt.output_log)
                self.screen.line(_heading(attempt))
                self._show(attempt)

    def _show(self, attempt: AttemptFolder) -> None:
        log = self._logs[attempt]
        while lines := log.new_lines():
            for line in lines:
                self.screen.line(line, self._name(attempt))
        if not self.with_names:
            self.screen.unfinished(log.last_line())

    def end(self) -> None:
        """Show the last lines that were never completed."""
        for attempt in list(self._logs):
            self._end_task(attempt.task)

    def _end_task(self, task: TaskFolder) -> None:
        """Show the rest of the task's attempt before the one that begins now."""
        earlier = task.attempt(self._newest.get(task.task_id, 0))
        if earlier not in self._logs:
            return
        self._show(earlier)
        if last := self._logs.pop(earlier).last_line():
            self.screen.line(last, self._name(earlier))

    def _name(self, attempt: AttemptFolder) -> str:
        return f"{one_line(attempt.task.task_id, _MAX_NAME)} | " if self.with_names else ""


@dataclass(slots=True)
class _Screen:
    """Standard output: colours on a terminal alone, and a last line there that may still change."""

    is_terminal: bool
    _unfinished: str = ""

    def line(self, text: str, name: str = "") -> None:
        """Print a line, in place of an unfinished one."""
        clear = _CLEAR_LINE if self._unfinished else ""
        self._unfinished = ""
        print(f"{clear}{name}{coloured(text) if self.is_terminal else plain(text)}", flush=self.is_terminal)

    def unfinished(self, text: str) -> None:
        """Show the start of a line that has no end yet, if this is a terminal."""
        shown = plain(text)[: shutil.get_terminal_size().columns - 1]
        if self.is_terminal and shown != self._unfinished:
            self._unfinished = shown
            print(f"{_CLEAR_LINE}{shown}", end="", flush=True)


def _heading(attempt: AttemptFolder) -> str:
    return f"== {one_line(attempt.task.task_id, _MAX_NAME)}, attempt {attempt.number} =="
