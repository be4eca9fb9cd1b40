"""Looks, while a body is executed, at how far it says that it is."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.reported_progress import ReportedProgress
from nightbook.record.read.progress_file import ProgressFile

_POLL_S = 0.5


@contextmanager
def watched_progress(
    folder: AttemptFolder, on_report: Callable[[ReportedProgress], None]
) -> Iterator[ProgressFile]:
    """Call ``on_report`` in a thread with each new progress; remove its file when the context closes."""
    file = ProgressFile(folder.progress_file)
    done = threading.Event()

    def watch() -> None:
        while not done.wait(_POLL_S):
            reported = file.news()
            if reported is not None:
                on_report(reported)

    thread = threading.Thread(target=watch, name="progress", daemon=True)
    thread.start()
    try:
        yield file
    finally:
        done.set()
        thread.join()
        file.path.unlink(missing_ok=True)
        for part in folder.path.glob(f".{file.path.name}.*.part"):  # of a process that was killed
            part.unlink(missing_ok=True)
