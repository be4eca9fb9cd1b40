"""The end of a notebook by ``exit()``, ``quit()`` or ``sys.exit()``, as the kernel reports it."""

from dataclasses import dataclass
from functools import cache
from inspect import getsource
from typing import Any

from nightbook.execution.body import BodyResult
from nightbook.execution.bounded_error import bounded_error
from nightbook.execution.kernel import setup
from nightbook.record.format.model import Outcome

EXIT_NAME = SystemExit.__name__


@dataclass(frozen=True, slots=True)
class NotebookExit:
    """The status with which a notebook ended itself, and the text that it gave in place of one."""

    status: int
    text: str

    def result(self, cell: int, cell_count: int, traceback: str) -> BodyResult:
        """Return how a notebook ended that this cell of so many has ended.

        Status 0 is a success of what ran: with it, a program says that it succeeded.
        """
        rest = cell_count - cell
        after = f"; {rest} {'cell' if rest == 1 else 'cells'} did not run" if rest else ", the last"
        ended_by = f"ended by exit() in cell {cell}{after}"
        if self.status == 0:
            return BodyResult(Outcome.SUCCESS, ended_by=ended_by)
        place = f"in cell {cell} of {cell_count}"
        message = self.text or f"the notebook ended itself with exit status {self.status} {place}"
        return BodyResult(Outcome.FAILURE, bounded_error(EXIT_NAME, message, traceback), ended_by)


def notebook_exit(content: dict[str, Any]) -> NotebookExit | None:
    """Return the exit that a kernel's reply to a cell reports, or None if the cell did not exit."""
    for payload in content.get("payload", ()):
        if payload.get("source") == setup.EXIT_PAYLOAD:
            return NotebookExit(payload["status"], payload["text"])
    if content["status"] != "error" or content.get("ename") != EXIT_NAME:
        return None
    value = str(content.get("evalue", ""))  # all that a kernel says that could not be set up
    if value in ("", "None"):
        return NotebookExit(0, "")
    return NotebookExit(int(value), "") if value.isdecimal() else NotebookExit(1, value)


@cache
def setup_code() -> str:
    """Return the code that sets up a kernel of another environment, and that leaves no name in it."""
    source = getsource(setup)
    source += "\nset_up(shell)\n"
    names = "{'__name__': 'nightbook', 'shell': get_ipython()}"
    return f"exec({source!r}, {names})"
