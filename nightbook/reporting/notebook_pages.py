"""Makes the pages of a run's executed notebooks, while the run goes on and with processors that are idle."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import NoReturn

import nbformat

from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.record.format.errors import RecordError
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Run
from nightbook.record.read.live import AttemptEnded, LiveRun

_POLL_S = 0.2
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
    child = os.fork()
    if child == 0:
        try:
            die_with_parent(main_process)
            _follow(folder)
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(child, signal.SIGKILL)  # pages are written whole or not at all
        os.waitpid(child, 0)


def make_missing_pages(folder: RunFolder, run: Run) -> None:
    """Make the missing pages of the run's attempts, such as those of attempts that were killed."""
    for task in run.tasks:
        for attempt in task.attempts:
            _make_page(folder.task(task.task_id).attempt(attempt.number))


def _make_page(attempt: AttemptFolder) -> None:
    if attempt.notebook.is_file() and not attempt.html.is_file():
        from nightbook.reporting.notebook_exporter import notebook_to_html  # noqa: PLC0415 imports nbconvert

        write_text(attempt.html, notebook_to_html(nbformat.read(attempt.notebook, as_version=4)))


def _follow(folder: RunFolder) -> NoReturn:
    """Make pages until this process is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _use_idle_processors()
    run = LiveRun.from_now_on(folder.spans)
    while True:
        time.sleep(_POLL_S)
        with suppress(OSError, RecordError):  # such as a full disk, which the main process reports
            for event in run.new_events():
                if isinstance(event, AttemptEnded):
                    _make_page(folder.task(event.attempt.task_id).attempt(event.attempt.number))


def _use_idle_processors() -> None:
    with suppress(OSError):
        if sys.platform == "linux":
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.nice(_LOWEST_PRIORITY)
