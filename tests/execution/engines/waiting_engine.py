"""An engine as a cluster has one: jobs are shipped to another process, and wait there until it has room."""

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import ClassVar

from nightbook.execution.attempt import Job, OnProgress, Progress
from nightbook.execution.body import BodyResult, Execution
from nightbook.execution.engines.base import Ended, run_attempt
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Outcome

CAPACITY = 500
RELEASED = Path("released")  # the file that a test creates to let the jobs run


@dataclass(frozen=True)
class FileBody:
    """Writes a file."""

    text: str

    cells: ClassVar[Sequence[str]] = ()

    def check(self) -> None:
        pass

    def wait_until_ready(self) -> None:
        pass

    def prepare(self, _: AttemptFolder) -> "FileBody":
        return self

    def execute(self, execution: Execution) -> BodyResult:
        (execution.folder.output / "text").write_text(self.text)
        return BodyResult(Outcome.SUCCESS)


class WaitingEngine:
    """Ships each job, pickled, to one process; all handles share the connection to it."""

    capacity = CAPACITY

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._ended: dict[int, Ended] = {}
        self._count = 0

    def start(self, job: Job, _: OnProgress) -> "WaitingHandle":
        if self._connection is None:
            self._connection, theirs = multiprocessing.Pipe()
            self._process = multiprocessing.Process(target=serve, args=(theirs,))
            self._process.start()
        self._count += 1
        self._connection.send((self._count, job))
        return WaitingHandle(self, self._connection.fileno(), self._count)

    def close(self) -> None:
        if self._connection is not None:
            self._process.kill()

    def ended(self, number: int) -> Ended | None:
        while self._connection and self._connection.poll():
            ended_number, ended = self._connection.recv()
            self._ended[ended_number] = ended
        return self._ended.get(number)


@dataclass
class WaitingHandle:
    """A job that waits in another process."""

    engine: WaitingEngine
    sentinel: int
    number: int

    def poll(self) -> Ended | None:
        return self.engine.ended(self.number)

    def cancel(self) -> None:
        raise NotImplementedError


def serve(connection: Connection) -> None:
    """Take jobs, and once they are released, run one after the other."""
    waiting: list[tuple[int, Job]] = []
    while True:
        if connection.poll(0 if RELEASED.exists() and waiting else 0.05):
            waiting.append(connection.recv())
        elif RELEASED.exists() and waiting:
            number, job = waiting.pop(0)
            connection.send((number, run_attempt(job, ignore)))


def ignore(_: Progress) -> None:
    pass
