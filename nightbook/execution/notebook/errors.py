"""Why a notebook did not succeed, as the record has it."""

from nbclient.exceptions import CellExecutionError
from nbformat import NotebookNode

from nightbook.execution.bounded_error import bounded_error
from nightbook.record.format.model import Error


def cell_error(error: CellExecutionError, notebook: NotebookNode) -> Error:
    """Return the exception that a cell raised, with the kernel's own traceback as plain text."""
    return bounded_error(error.ename, error.evalue, recorded_traceback(notebook, error.ename, error.evalue))


def recorded_traceback(notebook: NotebookNode, name: str, value: str | None = None) -> str:
    """Return the last traceback of this exception among the outputs of the notebook's cells.

    Cells before it may have raised other exceptions, which their tag `raises-exception` allows.
    """
    found: list[str] = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error" and output.ename == name and value in (None, output.evalue):
                found = output.traceback
    return "\n".join(found)


def timeout_error(timeout_s: float, where: str, log: str) -> Error:
    """Return the error of a notebook that was stopped at its deadline; ``log`` is from its kernel."""
    return Error(
        "TimeoutError", f"the notebook was stopped after timeout_s = {timeout_s:g} seconds {where}", log
    )


def dead_kernel_error(where: str, log: str) -> Error:
    """Return the error of a notebook whose kernel died; ``log`` is the end of the kernel's log."""
    return Error(
        "DeadKernelError", f"the kernel's process died {where}: was it killed, or out of memory?", log
    )
