"""One notebook run in a kernel of its own, under a deadline. Knows nothing of Luigi.

Whatever the notebook does is a result: an exception, a dead kernel, a notebook that never ends. An
exception leaves here only for a kernel that cannot be had, or a folder that cannot be written.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import nbformat
from jupyter_client.kernelspec import NATIVE_KERNEL_NAME
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from nightbook.execution.notebook.capped_client import CappedClient
from nightbook.execution.notebook.deadline import Deadline
from nightbook.execution.notebook.kernels import KernelStartError, kernel_manager, log_tail, start_kernel
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Cell, Error, Outcome

_STARTUP_TIMEOUT_S = 30
_MAX_NAME_LENGTH = 100
_MAX_MESSAGE_LENGTH = 4_000
_MAX_TRACEBACK_LENGTH = 40_000
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")


@dataclass(frozen=True, slots=True)
class NotebookResult:
    """How a notebook ended; ``error`` is None only after a success."""

    outcome: Outcome
    error: Error | None = None


OnCell: TypeAlias = Callable[[Cell], None]


def code_cells(notebook: NotebookNode) -> list[int]:
    """The positions of the cells that will be executed."""
    return [i for i, cell in enumerate(notebook.cells) if cell.cell_type == "code" and cell.source.strip()]


def kernel_name(notebook: NotebookNode) -> str:
    """The kernel that the notebook asks for."""
    return str(notebook.metadata.get("kernelspec", {}).get("name", NATIVE_KERNEL_NAME))


def run_notebook(
    notebook: NotebookNode,
    *,
    folder: AttemptFolder,
    cwd: Path,
    environment: Mapping[str, str],
    timeout_s: float,
    max_output_bytes: int,
    on_cell: OnCell,
) -> NotebookResult:
    """Execute the notebook's cells in order, until the first that fails or the deadline.

    The notebook, with what was done of it, is saved in ``folder`` before the first cell, after every
    cell, and at the end. ``on_cell`` is called after every cell. KernelError if no
    kernel can be started.
    """
    run = _NotebookRun(notebook, folder, max_output_bytes, on_cell)
    run.save_meanwhile()
    result = asyncio.run(run.execute(cwd=cwd, environment=environment, timeout_s=timeout_s))
    run.save()
    if not log_tail(folder.kernel_log):
        folder.kernel_log.unlink(missing_ok=True)
    return result


class _NotebookRun:
    """The state of one execution: which cell is being executed, since when."""

    def __init__(
        self, notebook: NotebookNode, folder: AttemptFolder, max_output_bytes: int, on_cell: OnCell
    ) -> None:
        self._notebook = notebook
        self._folder = folder
        self._max_output_bytes = max_output_bytes
        self._on_cell = on_cell
        self._indexes = {position: index for index, position in enumerate(code_cells(notebook), start=1)}
        self._cell = 0
        self._cell_start_ns = 0

    async def execute(self, *, cwd: Path, environment: Mapping[str, str], timeout_s: float) -> NotebookResult:
        """Execute the cells in a new kernel, which is gone afterwards."""
        with Deadline(timeout_s) as deadline:
            try:
                try:
                    await self._execute_in_kernel(deadline, cwd, environment)
                except KernelStartError:
                    if deadline.expired:
                        raise
                    await self._execute_in_kernel(deadline, cwd, environment)
            except CellExecutionError as error:
                return NotebookResult(Outcome.FAILURE, _raised(error, self._notebook))
            except (DeadKernelError, KernelStartError) as error:
                if deadline.expired:
                    return NotebookResult(Outcome.TIMEOUT, self._timeout_error(timeout_s))
                if isinstance(error, KernelStartError):
                    raise
                return NotebookResult(Outcome.FAILURE, self._dead_kernel_error())
            if deadline.expired:  # the last cell was faster than the kill
                return NotebookResult(Outcome.TIMEOUT, self._timeout_error(timeout_s))
            return NotebookResult(Outcome.SUCCESS)

    def save(self) -> None:
        """Save the notebook as it is now, whole or not at all."""
        write_text(self._folder.notebook, nbformat.writes(self._notebook))

    def save_meanwhile(self) -> None:
        """Save it as quickly as that can be done: the next cell waits.

        nbformat would check the notebook, copy it and lay it out in lines, at ten times the cost.
        """
        write_text(self._folder.notebook, json.dumps(self._notebook, ensure_ascii=False))

    async def _execute_in_kernel(self, deadline: Deadline, cwd: Path, environment: Mapping[str, str]) -> None:
        with kernel_manager(kernel_name(self._notebook)) as manager:
            deadline.guard(manager)
            await start_kernel(manager, cwd=cwd, environment=environment, log=self._folder.kernel_log)
            client = await self._connect(manager)
            if deadline.expired:
                raise KernelStartError("the kernel was ready when the time was over")
            try:
                for position, cell in enumerate(self._notebook.cells):
                    await client.async_execute_cell(cell, position)
            finally:
                if client.kc is not None:
                    client.kc.stop_channels()

    async def _connect(self, manager: AsyncKernelManager) -> NotebookClient:
        """A client of a kernel that is ready; KernelStartError if it does not become so."""
        client = CappedClient(
            self._notebook,
            km=manager,
            max_output_bytes=self._max_output_bytes,
            startup_timeout=_STARTUP_TIMEOUT_S,
            timeout=None,  # nbclient's is per cell; the deadline is for the notebook
            on_cell_execute=self._before_cell,
            on_cell_executed=self._after_cell,
        )
        try:
            await client.async_start_new_kernel_client()
        except RuntimeError as error:
            raise KernelStartError(
                f"the kernel {manager.kernel_name!r} died or hung while it started, twice ({error}). "
                f"{log_tail(self._folder.kernel_log) or 'It wrote nothing.'}"
            ) from error
        manager.cleanup_connection_file()
        return client

    def _before_cell(self, *, cell_index: int, **_: object) -> None:
        self._cell = self._indexes[cell_index]
        self._cell_start_ns = time.time_ns()

    def _after_cell(self, *, execute_reply: dict[str, Any], **_: object) -> None:
        failed = execute_reply["content"]["status"] != "ok"
        self._on_cell(Cell(self._cell, self._cell_start_ns, time.time_ns(), failed))
        self.save_meanwhile()

    def _timeout_error(self, timeout_s: float) -> Error:
        return Error(
            "TimeoutError",
            f"the notebook was stopped after timeout_s = {timeout_s:g} seconds{self._where()}",
            log_tail(self._folder.kernel_log),
        )

    def _dead_kernel_error(self) -> Error:
        return Error(
            "DeadKernelError",
            f"the kernel's process died{self._where()}: was it killed, or out of memory?",
            log_tail(self._folder.kernel_log),
        )

    def _where(self) -> str:
        """The cell that began last, if any did."""
        if not self._cell:
            return " while it started"
        return f" in cell {self._cell} of {len(self._indexes)}"


def _raised(error: CellExecutionError, notebook: NotebookNode) -> Error:
    """What the notebook raised, with the kernel's own traceback as plain text."""
    lines = [
        line
        for cell in notebook.cells
        for output in cell.get("outputs", ())
        if output.output_type == "error"
        for line in output.traceback
    ]
    return Error(
        type=error.ename[:_MAX_NAME_LENGTH],
        message=_ANSI.sub("", error.evalue)[:_MAX_MESSAGE_LENGTH],
        traceback=_ANSI.sub("", "\n".join(lines))[-_MAX_TRACEBACK_LENGTH:],
    )
