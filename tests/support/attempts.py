"""Notebooks run in a real kernel, without Luigi."""

from pathlib import Path
from typing import TYPE_CHECKING

import nbformat

from nightbook.execution.body import BodyResult
from nightbook.execution.notebook.kernels import kernel_environment
from nightbook.execution.notebook.runner import run_notebook
from nightbook.record.format.layout import AttemptFolder, RunFolder

if TYPE_CHECKING:
    from nightbook.record.format.model import Cell


class Attempt:
    """A folder to run notebooks in, and the cells that were reported."""

    def __init__(self, path: Path) -> None:
        self.folder: AttemptFolder = RunFolder(path / "20261123T031700Z-7f3a2c").task("work").attempt(1)
        self.folder.path.mkdir(parents=True)
        self.cells: list[Cell] = []
        self.max_output_bytes = 10_000
        self.num_cpus = 1

    def run(self, *sources: str, timeout_s: float = 60, kernel: str = "python3") -> BodyResult:
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_code_cell(source) for source in sources],
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
