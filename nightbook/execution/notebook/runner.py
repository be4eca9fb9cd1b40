"""Runs one notebook in a kernel of its own, under a deadline.

Whatever the notebook does is a result: an exception, a dead kernel, a notebook that never ends. Only a
kernel that cannot be started and a folder that cannot be written are exceptions here.
"""

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from nightbook.clock import process_clock
from nightbook.execution.body import BodyResult, OnCell
from nightbook.execution.deadline import Deadline
from nightbook.execution.notebook.capped_client import CappedClient
from nightbook.execution.notebook.cell_log import CellLog
from nightbook.execution.notebook.errors import (
    cell_error,
    dead_kernel_error,
    recorded_traceback,
    timeout_error,
)
from nightbook.execution.notebook.import_order import sets_variables_before_imports
from nightbook.execution.notebook.kernel_session import KernelStart, kernel_session
from nightbook.execution.notebook.kernels import KernelStartError, kernel_name
from nightbook.execution.notebook.notebook_exit import EXIT_NAME, NotebookExit, notebook_exit
from nightbook.execution.notebook.source import code_cells
from nightbook.execution.processes.ending import GRACE_S, killed_notice
from nightbook.execution.processes.output_log import OutputLog
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import AttemptFolder
from nightbook.record.format.model import Cell, Outcome
from nightbook.record.read.text_parts import last_lines

_STARTUP_TIMEOUT_S = 30


def run_notebook(
    notebook: NotebookNode,
    *,
    folder: AttemptFolder,
    cwd: Path,
    environment: Mapping[str, str],
    timeout_s: float,
    max_output_bytes: int,
    on_cell: OnCell,
) -> BodyResult:
    """Execute the notebook's cells in order, until the first that fails or the deadline.

    The notebook is saved in ``folder`` with its outputs so far, before the first cell, after each cell, and
    at the end; what cells print is in its output log at once. ``on_cell`` is called after each cell. Raise
    KernelError if no kernel can be started.
    """
    with OutputLog(folder.output_log, max_output_bytes) as log:
        run = _NotebookRun(notebook, folder, CellLog(log), max_output_bytes, on_cell)
        run.save_quickly()
        result = asyncio.run(run.execute(cwd=cwd, environment=environment, timeout_s=timeout_s))
        run.save()
    if not last_lines(folder.kernel_log):
        folder.kernel_log.unlink(missing_ok=True)
    return result


class _NotebookRun:
    """The state of one execution: the cell that is being executed, and since when."""

    def __init__(
        self,
        notebook: NotebookNode,
        folder: AttemptFolder,
        log: CellLog,
        max_output_bytes: int,
        on_cell: OnCell,
    ) -> None:
        self._notebook = notebook
        self._folder = folder
        self._log = log
        self._max_output_bytes = max_output_bytes
        self._on_cell = on_cell
        self._exit: NotebookExit | None = None
        self._positions = code_cells(notebook)
        self._indexes = {position: index for index, position in enumerate(self._positions, start=1)}
        self._cell = 0
        self._cell_start_ns = 0

    async def execute(self, *, cwd: Path, environment: Mapping[str, str], timeout_s: float) -> BodyResult:
        """Execute the cells in a new kernel, and end it."""
        sources = [self._notebook.cells[position].source for position in self._positions]
        fresh = sets_variables_before_imports(sources, cwd)
        name, log = kernel_name(self._notebook), self._folder.kernel_log
        start = KernelStart(name, fresh, cwd, environment, log, self._max_output_bytes)
        with Deadline(timeout_s) as deadline:
            try:
                await self._execute_cells(start, deadline)
            except CellExecutionError as error:
                return BodyResult(Outcome.FAILURE, cell_error(error, self._notebook))
            except DeadKernelError:
                if not deadline.expired:
                    return BodyResult(Outcome.FAILURE, dead_kernel_error(self._where(), self._log_tail()))
            except KernelStartError:
                if not deadline.expired:
                    raise
            if deadline.expired:  # also when the last cell ended before the kernel was killed
                return BodyResult(Outcome.TIMEOUT, timeout_error(timeout_s, self._where(), self._log_tail()))
            if self._exit is None:
                return BodyResult(Outcome.SUCCESS)
            return self._exit.result(
                self._cell, len(self._indexes), recorded_traceback(self._notebook, EXIT_NAME)
            )

    def save(self) -> None:
        """Save the notebook as it is now, as a whole or not at all."""
        write_text(self._folder.notebook, nbformat.writes(self._notebook))

    def save_quickly(self) -> None:
        """Save it in the fastest way, because the next cell waits.

        nbformat would validate, copy and indent the notebook, which takes ten times as long.
        """
        write_text(self._folder.notebook, json.dumps(self._notebook, ensure_ascii=False))

    async def _execute_cells(self, start: KernelStart, deadline: Deadline) -> None:
        """Execute the cells in a new kernel, until the first that fails or ends the notebook."""
        async with kernel_session(start, self._client, deadline) as session:
            try:
                for position, cell in enumerate(self._notebook.cells):
                    await session.client.async_execute_cell(cell, position)
                    if self._exit is not None:
                        break
            finally:
                session.client.set_widgets_metadata()
        if not (session.ended or deadline.expired):
            self._report_unfinished(session.client)

    def _report_unfinished(self, client: CappedClient) -> None:
        client.add_notice(
            max(self._positions[: self._cell], default=0),
            killed_notice("the kernel", GRACE_S, "the last cell"),
        )

    def _client(self, manager: AsyncKernelManager) -> CappedClient:
        return CappedClient(
            self._notebook,
            km=manager,
            max_output_bytes=self._max_output_bytes,
            on_text=self._log.write,
            on_error=self._log.write_error,
            startup_timeout=_STARTUP_TIMEOUT_S,
            timeout=None,  # nbclient's is per cell; the deadline is for the notebook
            on_cell_execute=self._before_cell,
            on_cell_executed=self._after_cell,
            allow_error_names=[EXIT_NAME],  # what an exit means is decided here
        )

    def _before_cell(self, *, cell_index: int, **_: object) -> None:
        self._cell = self._indexes[cell_index]
        self._log.begin(f"cell {self._cell} of {len(self._indexes)}")
        self._cell_start_ns = process_clock().now_ns()

    def _after_cell(self, *, execute_reply: dict[str, Any], **_: object) -> None:
        content = execute_reply["content"]
        self._exit = notebook_exit(content)
        failed = content["status"] != "ok" if self._exit is None else self._exit.status != 0
        self._on_cell(Cell(self._cell, self._cell_start_ns, process_clock().now_ns(), failed))
        self.save_quickly()

    def _where(self) -> str:
        """Return the cell that started last, in words."""
        if not self._cell:
            return "while it started"
        return f"in cell {self._cell} of {len(self._indexes)}"

    def _log_tail(self) -> str:
        return last_lines(self._folder.kernel_log)
