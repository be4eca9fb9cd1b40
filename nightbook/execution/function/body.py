"""A function as the body of an attempt."""

import inspect
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from nightbook.execution.body import BodyError, BodyResult, Execution, Paths
from nightbook.execution.bounded_error import bounded_error
from nightbook.execution.function.process import Returned, fork_function, read_report
from nightbook.execution.function.unstarted import returned_kind
from nightbook.execution.processes.supervised import supervise
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Error, Outcome
from nightbook.record.read.text_parts import last_lines


@dataclass(frozen=True, slots=True)
class FunctionBody:
    """A function of ``inputs`` and ``output_dir``, and the text that shows what it does.

    It is the bound method of a task, which pickles by the task's class and parameters. ``name`` is for
    messages, such as ``Clean.execute``. ``max_output_bytes`` bounds the stored output of an attempt.
    """

    function: Callable[["Paths | None", Path], object]
    name: str
    source: str
    inputs: "Paths | None"
    environment: Mapping[str, str]
    max_output_bytes: int

    def check(self) -> None:
        """Raise BodyError unless a call with the two arguments runs the function."""
        if kind := returned_kind(self.function):
            raise BodyError(
                f"{self.name} is a function that returns {kind}, and none of it would run: define it as "
                "`def execute(self, inputs, output_dir):`, without yield"
            )
        try:
            inspect.signature(self.function).bind(None, Path())
        except TypeError as error:
            raise BodyError(
                f"{self.name} cannot be called with inputs and output_dir: {error}. "
                "Define it as `def execute(self, inputs, output_dir):`"
            ) from error

    def wait_until_ready(self) -> None:
        """Return at once: a function shares nothing."""

    def prepare(self, _: AttemptFolder) -> "PreparedFunction":
        """Return the function."""
        return PreparedFunction(self)


@dataclass(frozen=True, slots=True)
class PreparedFunction:
    """A function that is ready for one execution."""

    body: FunctionBody

    @property
    def cells(self) -> Sequence[str]:
        """Nothing: a function has no cells."""
        return ()

    def execute(self, execution: Execution) -> BodyResult:
        """Call the function in a process of its own, and kill afterwards what it has left running."""
        folder = execution.folder
        write_text(folder.source, self.body.source)
        with tempfile.TemporaryFile(dir=folder.path) as report:
            ending = supervise(
                partial(
                    fork_function,
                    partial(self.body.function, self.body.inputs, folder.output),
                    name=self.body.name,
                    report=report,
                    environment={**self.body.environment, **execution.environment},
                    num_cpus=execution.num_cpus,
                ),
                log=folder.output_log,
                max_output_bytes=self.body.max_output_bytes,
                timeout_s=execution.timeout_s,
            )
            reported = read_report(report)
        if ending.expired:
            message = f"the function was stopped after timeout_s = {execution.timeout_s:g} seconds"
            error = bounded_error("TimeoutError", message, last_lines(folder.output_log))
            return BodyResult(Outcome.TIMEOUT, error)
        if isinstance(reported, Error):
            return BodyResult(Outcome.FAILURE, reported)
        if isinstance(reported, Returned) and ending.exit_code == 0:
            return BodyResult(Outcome.SUCCESS)
        message = f"the function's process {ending.description} before the function returned"
        return BodyResult(
            Outcome.FAILURE, bounded_error("ProcessDied", message, last_lines(folder.output_log))
        )
