"""The time that an attempt of a plain task may take; the worker ends its process when it is over."""

import multiprocessing
import signal
import time
from typing import Any

import luigi

from nightbook.pipeline.tasks.attempt_task import AttemptTask
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Error, Outcome
from nightbook.record.write.attempt_recorder import Begun, record_attempt

_fork = multiprocessing.get_context("fork")


def time_limit(task: luigi.Task) -> float:
    """Return the ``timeout_s`` of a task's class in seconds, or 0 if it sets none."""
    return float(getattr(task, "timeout_s", None) or 0)


class TimeLimit:
    """Shared by the worker and the process of a task: either ends the attempt, never both.

    A thread in the task's process could not end it: code that holds the interpreter in one long call lets no
    thread run.
    """

    def __init__(self, task: luigi.Task) -> None:
        """Let the time begin. A notebook's task, whose attempt has a deadline itself, has no limit here."""
        self.timeout_s = 0.0 if isinstance(task, AttemptTask) else time_limit(task)
        self._end_s = time.monotonic() + self.timeout_s
        self._ending = _fork.Lock()
        self._reader, self._writer = _fork.Pipe(duplex=False)

    def begun(self, folder: AttemptFolder, begun: Begun) -> None:
        """Tell the worker, from the process of the task, which attempt it has begun."""
        self._writer.send((folder, begun))

    def claim_end(self) -> None:
        """Return when the process of the task may end its attempt; if its time is over, it is killed here."""
        if not self._ending.acquire(block=False):
            signal.pause()

    def is_over(self) -> bool:
        """Return True, to the worker, if it is to kill the attempt: its time is over, and it goes on."""
        return bool(self.timeout_s) and time.monotonic() > self._end_s and self._ending.acquire(block=False)

    def record(self) -> str:
        """Record, in the worker, that the time of the killed attempt was over, and return the message."""
        message = f"the task was stopped after timeout_s = {self.timeout_s:g} seconds"
        if self._reader.poll():
            received: Any = self._reader.recv()
            folder, begun = received
            with record_attempt(folder, cell_count=0, begun=begun) as recorder:
                recorder.finish(Outcome.TIMEOUT, Error("TimeoutError", message, ""))
        return message
