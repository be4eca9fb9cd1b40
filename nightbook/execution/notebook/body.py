"""A notebook as the body of an attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from nightbook.execution.body import BodyResult, Execution, Paths
from nightbook.execution.notebook.kernel_choice import choose_kernel
from nightbook.execution.notebook.kernels import KernelError, kernel_environment, kernel_name
from nightbook.execution.notebook.pictures import attach_pictures
from nightbook.execution.notebook.runner import run_notebook
from nightbook.execution.notebook.source import NotebookSourceError, code_cells, prepare_notebook
from nightbook.execution.parameter_variables import parameter_variables
from nightbook.execution.warm_kernels.client import wait_until_warm
from nightbook.record.format.layout import AttemptFolder


@dataclass(frozen=True, slots=True)
class NotebookBody:
    """A notebook, its parameters and inputs, and the variables that its kernel gets.

    ``max_output_bytes`` bounds the stored output of each cell, and the pictures of each text. Pictures are
    taken from files below ``root``, or else beside the notebook. ``fallback_kernel`` runs a notebook of
    Python whose own kernel is not installed; if it is empty, there is none. The values of ``hidden``
    parameters are variables of the kernel's environment, from which the notebook reads them: its text has
    their names only.
    """

    source: Path
    parameters: Mapping[str, object]
    inputs: "Paths | None"
    environment: Mapping[str, str]
    max_output_bytes: int
    fallback_kernel: str = "python3"
    hidden: Mapping[str, object] = field(default_factory=dict)
    root: Path | None = None

    def check(self) -> None:
        """Raise NotebookSourceError unless it is readable, takes the parameters and has a kernel."""
        self._read(run=Path(), output=Path("output"))

    def wait_until_ready(self) -> None:
        """Return when the notebook's kernel can be forked from the warm process, if there is one."""
        wait_until_warm(str(self.source))

    def prepare(self, folder: AttemptFolder) -> "PreparedNotebook":
        """Return the notebook with the parameters and the attempt's paths in it."""
        notebook = self._read(run=folder.task.run.path, output=folder.output)
        beside = self.source.parent
        attach_pictures(notebook, folder=beside, root=self.root or beside, max_bytes=self.max_output_bytes)
        return PreparedNotebook(self, notebook)

    def _read(self, *, run: Path, output: Path) -> NotebookNode:
        paths: dict[str, Paths] = {"output_dir": output}
        if self.inputs is not None:
            paths["inputs"] = self.inputs
        notebook = prepare_notebook(self.source, self.parameters, paths, run, self.hidden)
        try:
            kernel = choose_kernel(notebook, self.fallback_kernel, str(self.source))
        except KernelError as error:
            raise NotebookSourceError(f"{self.source} cannot be run: {error}") from error
        if kernel != kernel_name(notebook):
            notebook.metadata["kernelspec"] = {"name": kernel, "display_name": kernel, "language": "python"}
        return notebook


@dataclass(frozen=True, slots=True)
class PreparedNotebook:
    """A notebook that is ready for one execution, which fills its cells with their outputs."""

    body: NotebookBody
    notebook: NotebookNode

    @property
    def cells(self) -> Sequence[str]:
        """The source of each code cell that will be executed."""
        return [self.notebook.cells[position].source for position in code_cells(self.notebook)]

    def execute(self, execution: Execution) -> BodyResult:
        """Run the notebook in a kernel of its own, in the folder where its source lies."""
        environment = {
            **self.body.environment,
            **parameter_variables(self.body.hidden),
            **execution.environment,
        }
        return run_notebook(
            self.notebook,
            folder=execution.folder,
            cwd=self.body.source.parent,
            environment=kernel_environment(environment, execution.num_cpus),
            timeout_s=execution.timeout_s,
            max_output_bytes=self.body.max_output_bytes,
            on_cell=execution.on_cell,
        )
