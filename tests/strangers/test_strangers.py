"""Any notebook does here what it does by plain nbclient, in a forked kernel as in a fresh one."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError

from nightbook.execution.notebook.kernels import kernel_environment
from nightbook.execution.notebook.runner import run_notebook
from nightbook.execution.notebook.streams import join_streams
from nightbook.execution.notebook.text_notebook import read_text_notebook
from nightbook.execution.warm_kernels.client import set_warm_address
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome
from tests.support.recording import RUN_ID

NOTEBOOKS = sorted(Path(__file__).with_name("notebooks").glob("*.py"))
BETTER = {
    "questions": "the message names the mend",
    "exits": "there is no advice on how to leave IPython",
}
# What differs from one execution to the next: addresses, temporary names, process ids.
_VARIABLE = re.compile(r"0x[0-9a-f]+|ipykernel_\d+/\d+|/tmp/\S+|\d+\.\d+ s")


@dataclass(frozen=True)
class Seen:
    """What is left of an execution: how it ended, what each cell shows, and the files by name."""

    error: str | None
    cells: list[list[tuple[str, ...]]]
    files: dict[str, int]


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return a function that executes a notebook by nbclient alone, once."""
    known: dict[Path, Seen] = {}

    def execute(source: Path) -> Seen:
        if source not in known:
            folder = tmp_path_factory.mktemp(source.stem)
            known[source] = _plain(source, folder)
        return known[source]

    return execute


@pytest.mark.parametrize("source", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_does_what_it_does_elsewhere(
    source: Path, tmp_path: Path, warm_kernels: str, plain: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it, ipykernel captures no file descriptors
    fresh = _ours(source, tmp_path / "fresh", None)
    forked = _ours(source, tmp_path / "forked", warm_kernels)

    assert forked == fresh
    if source.stem not in BETTER:
        assert forked == plain(source)


def _ours(source: Path, path: Path, address: str | None) -> Seen:
    folder = RunFolder(path / RUN_ID).task("work").attempt(1)
    folder.path.mkdir(parents=True)
    cwd = path / "cwd"
    cwd.mkdir()
    notebook = read_text_notebook(source.read_text(encoding="utf-8"), source.suffix)
    set_warm_address(address)
    try:
        result = run_notebook(
            notebook,
            folder=folder,
            cwd=cwd,
            environment=kernel_environment({}, num_cpus=1),
            timeout_s=120,
            max_output_bytes=4_000_000,
            on_cell=lambda _: None,
        )
    finally:
        set_warm_address(None)
    assert (result.error is None) == (result.outcome is Outcome.SUCCESS)
    return _seen(result.error.type if result.error else None, nbformat.read(folder.notebook, 4), cwd)


def _plain(source: Path, folder: Path) -> Seen:
    notebook = read_text_notebook(source.read_text(encoding="utf-8"), source.suffix)
    error = None
    client = NotebookClient(notebook, resources={"metadata": {"path": str(folder)}})
    try:
        client.execute(env=kernel_environment({}, num_cpus=1))
    except CellExecutionError as failed:
        error = failed.ename
    except DeadKernelError:
        error = "DeadKernelError"
    return _seen(error, notebook, folder)


def _seen(error: str | None, notebook: nbformat.NotebookNode, folder: Path) -> Seen:
    cells = [_shown(cell.get("outputs", [])) for cell in notebook.cells]
    files = {path.name: path.stat().st_size for path in sorted(folder.iterdir())}
    return Seen(error, cells, files)


def _shown(outputs: list[nbformat.NotebookNode]) -> list[tuple[str, ...]]:
    """Return each stream as a whole, because their pieces come in any order, and then all else."""
    streams = join_streams(sorted((o for o in outputs if "text" in o), key=lambda o: str(o.name)))
    shown = [(stream.name, _plain_text(stream.text)) for stream in streams]
    for output in outputs:
        if output.output_type == "error":
            shown.append(("error", output.ename, _plain_text(output.evalue)))
        elif "data" in output:
            text = str(output.data.get("text/plain", ""))
            shown.append((output.output_type, *sorted(output.data), _plain_text(text)))
    return shown


def _plain_text(text: str) -> str:
    return _VARIABLE.sub("...", text)
