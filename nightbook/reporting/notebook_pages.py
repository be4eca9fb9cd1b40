"""The pages of a run's executed notebooks, made while the run goes on, by a process that waits for others."""

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

_LOOK_S = 0.2
_LOWEST_PRIORITY = 19


def warm_up() -> None:
    """Make a page of nothing: the first one costs half a second, and a fork has from then on what it took."""
    from nightbook.reporting.notebook_exporter import notebook_to_html  # noqa: PLC0415 takes its time

    notebook_to_html(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("0")]))


@contextmanager
def pages_made_meanwhile(folder: RunFolder) -> Iterator[None]:
    """Make the page of each attempt that ends while the context is open, whoever ran it.

    A process of its own does so, and only with processors that nobody else wants. It is not waited for:
    what it has not made, for whatever reason, `make_missing_pages` makes.
    """
    main_process = os.getpid()
    maker = os.fork()
    if maker == 0:
        try:
            die_with_parent(main_process)
            _follow(folder)
        finally:
            os._exit(0)
    try:
        yield
    finally:
        os.kill(maker, signal.SIGKILL)  # a page that it was writing is written again, by the same way
        os.waitpid(maker, 0)


def make_missing_pages(folder: RunFolder, run: Run) -> None:
    """Make the pages of the run's attempts that have none, such as those that were killed."""
    for task in run.tasks:
        for attempt in task.attempts:
            _make_page(folder.task(task.task_id).attempt(attempt.number))


def _make_page(attempt: AttemptFolder) -> None:
    if attempt.notebook.is_file() and not attempt.html.is_file():
        from nightbook.reporting.notebook_exporter import notebook_to_html  # noqa: PLC0415 takes its time

        write_text(attempt.html, notebook_to_html(nbformat.read(attempt.notebook, as_version=4)))


def _follow(folder: RunFolder) -> NoReturn:
    """Make pages until this process is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _yield_to_others()
    run = LiveRun.from_now_on(folder.spans)
    while True:
        time.sleep(_LOOK_S)
        with suppress(OSError, RecordError):  # the disk is full, say: the main process will meet and tell it
            for event in run.new_events():
                if isinstance(event, AttemptEnded):
                    _make_page(folder.task(event.attempt.task_id).attempt(event.attempt.number))


def _yield_to_others() -> None:
    with suppress(OSError):
        if sys.platform == "linux":
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        else:
            os.nice(_LOWEST_PRIORITY)
