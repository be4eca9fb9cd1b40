"""Runs one notebook in a kernel of its own, under a deadline.

Whatever the notebook does is a result: an exception, a dead kernel, a notebook that never ends. Only a
kernel that cannot be started and a folder that cannot be written are exceptions here.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from nightbook.execution.body import BodyResult, OnCell
from nightbook.execution.deadline import Deadline
from nightbook.execution.notebook.capped_client import CappedClient
from nightbook.execution.notebook.cell_log import CellLog
from nightbook.execution.notebook.errors import cell_error, dead_kernel_error, timeout_error
from nightbook.execution.notebook.kernels import (
    KernelStartError,
    kernel_manager,
    kernel_name,
    kill_kernel,
    start_kernel,
)
from nightbook.execution.notebook.source import code_cells
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
        self._indexes = {position: index for index, position in enumerate(code_cells(notebook), start=1)}
        self._cell = 0
        self._cell_start_ns = 0

    async def execute(self, *, cwd: Path, environment: Mapping[str, str], timeout_s: float) -> BodyResult:
        """Execute the cells in a new kernel, and kill it afterwards."""
        with Deadline(timeout_s) as deadline:
            try:
                await self._execute_with_second_start(deadline, cwd, environment)
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
            return BodyResult(Outcome.SUCCESS)

    def save(self) -> None:
        """Save the notebook as it is now, as a whole or not at all."""
        write_text(self._folder.notebook, nbformat.writes(self._notebook))

    def save_quickly(self) -> None:
        """Save it in the fastest way, because the next cell waits.

        nbformat would validate, copy and indent the notebook, which takes ten times as long.
        """
        write_text(self._folder.notebook, json.dumps(self._notebook, ensure_ascii=False))

    async def _execute_with_second_start(
        self, deadline: Deadline, cwd: Path, environment: Mapping[str, str]
    ) -> None:
        try:
            await self._execute_in_kernel(deadline, cwd, environment)
        except KernelStartError:
            if deadline.expired:
                raise
            await self._execute_in_kernel(deadline, cwd, environment)

    async def _execute_in_kernel(self, deadline: Deadline, cwd: Path, environment: Mapping[str, str]) -> None:
        with kernel_manager(kernel_name(self._notebook)) as manager:
            deadline.guard(partial(kill_kernel, manager))
            await start_kernel(manager, cwd=cwd, environment=environment, log=self._folder.kernel_log)
            client = await self._connect(manager)
            if deadline.expired:
                raise KernelStartError("the kernel was ready only after the deadline")
            try:
                for position, cell in enumerate(self._notebook.cells):
                    await client.async_execute_cell(cell, position)
            finally:
                client.set_widgets_metadata()
                if client.kc is not None:
                    client.kc.stop_channels()

    async def _connect(self, manager: AsyncKernelManager) -> NotebookClient:
        """Return a client of the kernel when it is ready. Raise KernelStartError if it does not get ready."""
        client = CappedClient(
            self._notebook,
            km=manager,
            max_output_bytes=self._max_output_bytes,
            on_text=self._log.write,
            on_error=self._log.write_error,
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
                f"{self._log_tail() or 'It wrote nothing.'}"
            ) from error
        manager.cleanup_connection_file()
        return client

    def _before_cell(self, *, cell_index: int, **_: object) -> None:
        self._cell = self._indexes[cell_index]
        self._log.begin(f"cell {self._cell} of {len(self._indexes)}")
        self._cell_start_ns = time.time_ns()

    def _after_cell(self, *, execute_reply: dict[str, Any], **_: object) -> None:
        failed = execute_reply["content"]["status"] != "ok"
        self._on_cell(Cell(self._cell, self._cell_start_ns, time.time_ns(), failed))
        self.save_quickly()

    def _where(self) -> str:
        """Return the cell that started last, in words."""
        if not self._cell:
            return "while it started"
        return f"in cell {self._cell} of {len(self._indexes)}"

    def _log_tail(self) -> str:
        return last_lines(self._folder.kernel_log)
