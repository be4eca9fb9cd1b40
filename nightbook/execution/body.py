"""What an attempt executes: a notebook, a function, a script, or whatever else has these methods.

An attempt knows a body by this Protocol alone. A body is a description, frozen and picklable, so that an
engine may ship it to another machine; what one execution needs in memory belongs to what ``prepare``
returns.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path  # noqa: TC003 mypy resolves the alias below by it
from typing import Protocol, TypeAlias

from nightbook.record.format.errors import NightbookError
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Cell, Error, Outcome

Paths: TypeAlias = "Path | str | list[Paths] | dict[str, Paths]"
"""Where a task's inputs are, by path or URL, in the structure in which its ``requires()`` names the tasks."""

OnCell: TypeAlias = Callable[[Cell], None]


class BodyError(NightbookError):
    """A body that cannot be executed as the task asks; nothing of it has been executed."""


@dataclass(frozen=True, slots=True)
class BodyResult:
    """How a body ended; ``error`` is None only after a success.

    ``ended_by`` says in words what ended it before its last cell, if it was the body itself.
    """

    outcome: Outcome
    error: Error | None = None
    ended_by: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """What a body needs for one execution.

    It writes to ``folder``, where ``folder.output`` exists already, and nowhere else. ``environment`` makes
    a process part of the attempt. ``timeout_s`` is for the body to enforce, ``num_cpus`` bounds its threads.
    A body with cells calls ``on_cell`` after each.
    """

    folder: AttemptFolder
    environment: Mapping[str, str]
    timeout_s: float
    num_cpus: int
    on_cell: OnCell


class PreparedBody(Protocol):
    """A body that is ready for one execution."""

    @property
    def cells(self) -> Sequence[str]:
        """The text of each cell that will be executed, in order; empty for a body without cells."""

    def execute(self, execution: Execution) -> BodyResult:
        """Execute the body to its end, its first error or its deadline.

        Whatever the body's own code does is a result. Raise NightbookError or OSError only if it could not
        be executed or its folder could not be written.
        """


class Body(Protocol):
    """What a task asks to be executed."""

    def check(self) -> None:
        """Raise BodyError unless the body can be executed, as far as that is known before the run."""

    def wait_until_ready(self) -> None:
        """Return when what the body shares with others is ready; the attempt's time starts afterwards."""

    def prepare(self, folder: AttemptFolder) -> PreparedBody:
        """Return the body ready for the attempt in ``folder``, which is not there yet.

        Raise BodyError if that is not possible.
        """
