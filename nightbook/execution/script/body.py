"""A command as the body of an attempt."""

import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from nightbook.execution.body import BodyError, BodyResult, Execution, Paths
from nightbook.execution.bounded_error import bounded_error
from nightbook.execution.parameter_variables import command_with_names, with_names
from nightbook.execution.processes.programs import program_path
from nightbook.execution.processes.supervised import supervise
from nightbook.execution.processes.threads import thread_variables
from nightbook.execution.script.environment import script_variables
from nightbook.execution.script.process import CommandError, start_command
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Outcome
from nightbook.record.read.text_parts import last_lines


@dataclass(frozen=True, slots=True)
class ScriptBody:
    """A program with its arguments, or a line for the shell; parameters and paths are variables for it.

    The values of ``hidden`` parameters are in no text of it.
    """

    command: Sequence[str] | str
    name: str
    parameters: Mapping[str, object]
    inputs: "Paths | None"
    environment: Mapping[str, str]
    max_output_bytes: int
    hidden: Mapping[str, object] = field(default_factory=dict)

    @property
    def arguments(self) -> list[str]:
        """The program with its arguments."""
        return ["/bin/sh", "-c", self.command] if isinstance(self.command, str) else list(self.command)

    @property
    def source(self) -> str:
        """The command as one would type it, with the names of hidden parameters."""
        shown = command_with_names(self.command, self.hidden)
        return shown if isinstance(shown, str) else shlex.join(shown)

    def check(self) -> None:
        """Raise BodyError unless there is a command and its program exists."""
        command: object = self.command
        if not isinstance(command, str | list | tuple) or not all(isinstance(part, str) for part in command):
            raise BodyError(
                f"{self.name}.command is {with_names(repr(command), self.hidden)}: "
                "give a list of strings, or one string for the shell"
            )
        if not command or (isinstance(command, str) and not command.strip()) or not self.arguments[0]:
            raise BodyError(f"{self.name}.command is empty: name a program and its arguments")
        if any("\0" in part for part in self.arguments):
            raise BodyError(
                f"{self.name}.command has a NUL character, which no program can be given: remove it"
            )
        path = {**program_path(os.environ), **self.environment}["PATH"]
        if shutil.which(self.arguments[0], path=path) is None:
            raise BodyError(
                f"{self.name} cannot be run, because there is no program "
                f"{with_names(self.arguments[0], self.hidden)!r}: "
                "install it, make it executable, or correct the command"
            )

    def wait_until_ready(self) -> None:
        """Return at once: a command shares nothing."""

    def prepare(self, _: AttemptFolder) -> "PreparedScript":
        """Return the command."""
        return PreparedScript(self)


@dataclass(frozen=True, slots=True)
class PreparedScript:
    """A command that is ready for one execution."""

    body: ScriptBody

    @property
    def cells(self) -> Sequence[str]:
        """Nothing: a command has no cells."""
        return ()

    def execute(self, execution: Execution) -> BodyResult:
        """Run the command in the project's folder, and kill afterwards what it has left running."""
        folder = execution.folder
        write_text(folder.source, f"{self.body.source}\n")
        parameters = {**self.body.parameters, **self.body.hidden}
        environment = {
            **os.environ,
            **program_path(os.environ),
            "PYTHONUNBUFFERED": "1",  # else what a Python program prints is not seen while it runs
            **thread_variables(execution.num_cpus),
            **self.body.environment,
            **script_variables(parameters, self.body.inputs, folder.output),
            **execution.environment,
        }
        try:
            ending = supervise(
                partial(start_command, self.body.arguments, environment, Path.cwd()),
                log=folder.output_log,
                max_output_bytes=self.body.max_output_bytes,
                timeout_s=execution.timeout_s,
            )
        except CommandError as error:
            return BodyResult(Outcome.FAILURE, bounded_error(type(error).__name__, str(error), ""))
        tail = last_lines(folder.output_log)
        if ending.expired:
            message = f"the command was stopped after timeout_s = {execution.timeout_s:g} seconds"
            return BodyResult(Outcome.TIMEOUT, bounded_error("TimeoutError", message, tail))
        if ending.exit_code:
            last = f": {tail.splitlines()[-1]}" if tail else ""
            kind = "ExitCode" if ending.exit_code > 0 else "ProcessDied"
            message = f"the command {ending.description}{last}"
            return BodyResult(Outcome.FAILURE, bounded_error(kind, message, tail))
        return BodyResult(Outcome.SUCCESS)
