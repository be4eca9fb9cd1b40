"""Attempts without Luigi: notebooks in a real kernel, and a body that is no notebook."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import ClassVar

import nbformat

from nightbook.execution.attempt import Job
from nightbook.execution.body import Body, BodyError, BodyResult, Execution
from nightbook.execution.deadline import Deadline
from nightbook.execution.notebook.kernels import kernel_environment
from nightbook.execution.notebook.runner import run_notebook
from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Cell, Error, Outcome
from tests.support.recording import RUN_ID, declared, recorded_invocation


class Attempt:
    """A folder to run notebooks in, and the cells that were reported."""

    def __init__(self, path: Path) -> None:
        self.folder: AttemptFolder = RunFolder(path / RUN_ID).task("work").attempt(1)
        self.folder.path.mkdir(parents=True)
        self.cells: list[Cell] = []
        self.max_output_bytes = 10_000
        self.num_cpus = 1

    def run(self, *sources: str, timeout_s: float = 60, kernel: str = "python3") -> BodyResult:
        cells = [nbformat.v4.new_code_cell(source) for source in sources]
        return self.run_cells(*cells, timeout_s=timeout_s, kernel=kernel)

    def run_cells(
        self, *cells: nbformat.NotebookNode, timeout_s: float = 60, kernel: str = "python3"
    ) -> BodyResult:
        notebook = nbformat.v4.new_notebook(
            cells=list(cells),
            metadata={"kernelspec": {"name": kernel, "display_name": kernel}},
        )
        return run_notebook(
            notebook,
            folder=self.folder,
            cwd=self.folder.path,
            environment=kernel_environment({"GREETING": "hello"}, num_cpus=self.num_cpus),
            timeout_s=timeout_s,
            max_output_bytes=self.max_output_bytes,
            on_cell=self.cells.append,
        )

    def saved(self) -> nbformat.NotebookNode:
        notebook = nbformat.read(self.folder.notebook, as_version=4)
        nbformat.validate(notebook)
        return notebook

    def texts(self) -> list[str]:
        return [
            "".join(output.get("text", output.get("evalue", "")) for output in cell.outputs)
            for cell in self.saved().cells
        ]


@dataclass(frozen=True)
class ScriptBody:
    """A script without cells, whose captured output is a file; the working folder is the output folder."""

    code: str

    cells: ClassVar[Sequence[str]] = ()

    def check(self) -> None:
        if not self.code:
            raise BodyError("there is no script")

    def wait_until_ready(self) -> None:
        pass

    def prepare(self, _: AttemptFolder) -> "ScriptBody":
        self.check()
        return self

    def execute(self, execution: Execution) -> BodyResult:
        log = captured_output(execution.folder)
        with Deadline(execution.timeout_s) as deadline, log.open("wb") as stream:
            process = subprocess.Popen(
                [sys.executable, "-c", self.code],
                cwd=execution.folder.output,
                env={**os.environ, **execution.environment},
                stdout=stream,
                stderr=stream,
                preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 it only makes two calls
            )
            deadline.guard(process.kill)
            exit_code = process.wait()
        if deadline.expired:
            return BodyResult(Outcome.TIMEOUT, Error("TimeoutError", "the script was stopped", ""))
        if exit_code:
            return BodyResult(Outcome.FAILURE, Error("ExitCode", str(exit_code), log.read_text()))
        return BodyResult(Outcome.SUCCESS)


def captured_output(folder: AttemptFolder) -> Path:
    return folder.path / "output.txt"


def declared_job(path: Path, body: Body, *, timeout_s: float = 60) -> Job:
    """The job of a task ``work`` in a run that has been declared."""
    run = RunFolder(path / RUN_ID)
    with recorded_invocation(run, [declared("work")], outcome=None):
        return Job(run.task("work"), body, timeout_s, num_cpus=1)
