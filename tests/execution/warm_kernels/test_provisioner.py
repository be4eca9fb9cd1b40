"""Any client of Jupyter kernels can have forked kernels, and nobody gets them unasked."""

import json
import os
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import nbformat
import psutil
import pytest
from jupyter_client.provisioning.factory import KernelProvisionerFactory
from nbclient import NotebookClient

from nightbook.execution.warm_kernels.client import ADDRESS_VARIABLE
from nightbook.execution.warm_kernels.provisioner import NAME, WarmProvisioner

LOOK = "import os, sys; print(os.getpid(), os.getppid(), 'sklearn' in sys.modules)"


@pytest.fixture(autouse=True)
def _new_factory() -> Iterator[None]:
    """The factory reads the default provisioner's name once in a process."""
    KernelProvisionerFactory.clear_instance()
    yield
    KernelProvisionerFactory.clear_instance()


def run_plain(cwd: Path, kernel_name: str = "python3") -> tuple[int, int, bool]:
    """Run a notebook with plain nbclient; return the ids of its kernel and its parent, and if it is warm."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(LOOK)])
    resources = {"metadata": {"path": str(cwd)}}
    NotebookClient(notebook, resources=resources, kernel_name=kernel_name).execute()
    kernel, parent, is_warm = notebook.cells[0].outputs[0].text.split()
    return int(kernel), int(parent), is_warm == "True"


def test_the_entry_point_is_installed() -> None:
    (found,) = entry_points(group="jupyter_client.kernel_provisioners", name=NAME)

    assert found.load() is WarmProvisioner


def test_plain_nbclient_gets_a_forked_kernel_by_two_variables(
    tmp_path: Path, warm_kernels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, warm_kernels)
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", NAME)

    kernel, parent, is_warm = run_plain(tmp_path)

    assert is_warm
    assert parent != os.getpid()
    assert not psutil.pid_exists(kernel) or psutil.Process(kernel).status() == psutil.STATUS_ZOMBIE


def test_plain_nbclient_gets_a_forked_kernel_by_the_kernels_specification(
    tmp_path: Path, warm_kernels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "kernels" / "warm"
    folder.mkdir(parents=True)
    specification = {
        "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        "display_name": "Warm Python",
        "language": "python",
        "metadata": {"kernel_provisioner": {"provisioner_name": NAME, "config": {"address": warm_kernels}}},
    }
    (folder / "kernel.json").write_text(json.dumps(specification))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    _, parent, is_warm = run_plain(tmp_path, "warm")

    assert is_warm
    assert parent != os.getpid()


@pytest.mark.parametrize("address", [None, "nobody-listens-here"])
def test_without_a_warm_process_the_kernel_is_fresh(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str | None
) -> None:
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", NAME)
    if address:
        monkeypatch.setenv(ADDRESS_VARIABLE, address)

    _, parent, is_warm = run_plain(tmp_path)

    assert not is_warm
    assert parent == os.getpid()


def test_other_clients_are_not_affected(
    tmp_path: Path, warm_kernels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, warm_kernels)

    _, parent, is_warm = run_plain(tmp_path)

    assert not is_warm
    assert parent == os.getpid()


def test_a_plain_client_leaves_no_descriptor_open(
    tmp_path: Path, warm_kernels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ADDRESS_VARIABLE, warm_kernels)
    monkeypatch.setenv("JUPYTER_DEFAULT_PROVISIONER_NAME", NAME)
    run_plain(tmp_path)

    assert not [link for link in Path("/proc/self/fd").iterdir() if "pidfd" in os.path.realpath(link)]
