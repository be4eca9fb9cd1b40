"""A function as the body of an attempt, without Luigi."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from nightbook.execution.attempt import AttemptFailedError, make_attempt
from nightbook.execution.function.body import FunctionBody
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Attempt, Error
from nightbook.record.read.reader import read_run
from tests.support.attempts import declared_job
from tests.support.recording import RUN_ID


class Attempted:
    """What an attempt of a function has left."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.max_output_bytes = 10_000

    def make(self, function: Callable[..., object], *, timeout_s: float = 60) -> Attempt:
        body = FunctionBody(
            function, "Work.execute", "the source\n", None, {"MOOD": "good"}, self.max_output_bytes
        )
        job = declared_job(self.path, body, timeout_s=timeout_s)
        with suppress(AttemptFailedError):
            make_attempt(job, lambda _: None)
        return read_run(self.path / RUN_ID).task("work").attempts[-1]

    def error(self, function: Callable[..., object], *, timeout_s: float = 60) -> Error:
        error = self.make(function, timeout_s=timeout_s).error
        assert error is not None
        return error

    @property
    def log(self) -> str:
        file = RunFolder(self.path / RUN_ID).task("work").attempt(1).output_log
        return file.read_text() if file.exists() else ""
