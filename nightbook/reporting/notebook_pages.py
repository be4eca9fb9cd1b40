"""Makes the pages of a run's executed notebooks, while the run goes on and with processors that are idle."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from html import escape
from typing import NoReturn

import nbformat

from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.record.format.errors import RecordError
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Run
from nightbook.record.read.live import AttemptEnded, LiveRun
from nightbook.record.render.plain_text import one_line
from nightbook.reporting.page_process import make_apart

_POLL_S = 0.2
_TIMEOUT_S = 120.0  # a guard: the page of a large notebook takes a few seconds
_MAX_NAME = 200
_LOWEST_PRIORITY = 19


def warm_up() -> None:
    """Make the page of an empty notebook.

    The first page takes half a second, for imports and templates; forks of this process then have them.
    """
    from nightbook.reporting.notebook_exporter import notebook_to_html  # noqa: PLC0415 imports nbconvert

    notebook_to_html(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("0")]))


@contextmanager
def pages_made_meanwhile(folder: RunFolder) -> Iterator[None]:
    """Make the page of each attempt that ends while the context is open, in whatever process it ran.

    This is done by a forked process, and only on idle processors. Nobody waits for it: `make_missing_pages`
    makes the pages that it has not made.
    """
    main_process = os.getpid()
    run = LiveRun.from_now_on(folder.spans)  # before the fork: attempts may end before the child runs
    child = os.fork()
    if child == 0:
        try:
            die_with_parent(main_process)
            _follow(folder, run)
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)  # pages are written whole or not at all
        os.waitpid(child, 0)


def make_missing_pages(folder: RunFolder, run: Run, timeout_s: float = _TIMEOUT_S) -> None:
    """Make the missing pages of the run's attempts, such as those of attempts that were killed.

    A page that cannot be made within ``timeout_s`` seconds, or at all, says why; the others are made.
    """
    attempts = (
        folder.task(task.task_id).attempt(attempt.number) for task in run.tasks for attempt in task.attempts
    )
    missing = list(filter(_is_missing, attempts))
    while missing:
        made, problem = make_apart(_make_page, missing, timeout_s)
        missing = missing[made:]
        if problem:
            _write_problem(missing.pop(0), problem)


def _is_missing(attempt: AttemptFolder) -> bool:
    return attempt.notebook.is_file() and not attempt.html.is_file()


def _make_page(attempt: AttemptFolder) -> None:
    from nightbook.reporting.notebook_exporter import notebook_to_html  # noqa: PLC0415 imports nbconvert

    write_text(attempt.html, notebook_to_html(nbformat.read(attempt.notebook, as_version=4)))


def _write_problem(attempt: AttemptFolder, problem: str) -> None:
    """Make a page that says why there is no other, unless the disk is full."""
    name = f"{attempt.task.task_id}, attempt {attempt.number}"
    try:
        write_text(
            attempt.html,
            f'<p class="not-shown">The page of this notebook could not be made: {escape(problem)}. '
            "The notebook itself has all that was done.</p>\n",
        )
    except OSError as error:
        problem = error.strerror or problem
    print(f"note: the notebook of {one_line(name, _MAX_NAME)} has no page: {problem}", file=sys.stderr)


def _follow(folder: RunFolder, run: LiveRun) -> NoReturn:
    """Make pages until this process is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _use_idle_processors()
    while True:
        time.sleep(_POLL_S)
        with suppress(OSError, RecordError):
            for event in run.new_events():
                if isinstance(event, AttemptEnded):
                    _try_page(folder.task(event.attempt.task_id).attempt(event.attempt.number))


def _try_page(attempt: AttemptFolder) -> None:
    """Make a page that is missing; why one cannot be made, `make_missing_pages` finds out and says."""
    if _is_missing(attempt):
        with suppress(Exception):
            _make_page(attempt)


def _use_idle_processors() -> None:
    with suppress(OSError):
        if sys.platform == "linux":
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.nice(_LOWEST_PRIORITY)
