"""A notebook's kernel: its own, or another where that is another machine's; never one of another language."""

import json
from pathlib import Path

import nbformat
import pytest

from nightbook.execution.notebook.kernel_choice import choose_kernel
from nightbook.execution.notebook.kernels import KernelError


def choice(metadata: dict[str, object], fallback: str = "python3") -> str:
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = nbformat.from_dict(metadata)  # as files have it, complete or not
    return choose_kernel(notebook, fallback, str(metadata))


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {}},
        {"kernelspec": {"name": "python3", "language": "python"}},
        {"kernelspec": {"name": "conda-env-xyz-py"}},
        {"kernelspec": {"name": ".venv", "display_name": ".venv"}},
        {"kernelspec": {"name": "work", "language": "python"}},
        {"kernelspec": {"name": "work"}, "language_info": {"name": "python", "version": "3.9"}},
    ],
    ids=str,
)
def test_a_notebook_of_python_runs(metadata: dict[str, object]) -> None:
    assert choice(metadata) == "python3"


def test_a_warning_says_that_another_kernel_runs_it(caplog: pytest.LogCaptureFixture) -> None:
    choice({"kernelspec": {"name": "conda-env-abc-py"}})

    assert "the kernel 'conda-env-abc-py' is not installed here: it runs as python3" in caplog.text


@pytest.mark.parametrize(
    ("metadata", "message"),
    [
        ({"kernelspec": {"name": "julia-1.9", "language": "julia"}}, "it is a notebook of julia"),
        ({"kernelspec": {"name": "ir"}, "language_info": {"name": "R"}}, "it is a notebook of r"),
        ({"kernelspec": {"name": "fortran"}}, "the kernel 'fortran' is not installed"),
    ],
)
def test_another_language_is_refused(metadata: dict[str, object], message: str) -> None:
    with pytest.raises(KernelError, match=message):
        choice(metadata)


def test_a_kernel_of_another_language_that_is_installed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "kernels" / "julia").mkdir(parents=True)
    spec = {"argv": ["julia"], "display_name": "Julia", "language": "julia"}
    (tmp_path / "kernels" / "julia" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))

    with pytest.raises(KernelError, match="it is a notebook of julia"):
        choice({"kernelspec": {"name": "julia"}})


def test_a_project_can_do_without_another_kernel() -> None:
    with pytest.raises(KernelError, match="the kernel 'conda-env-xyz-py' is not installed"):
        choice({"kernelspec": {"name": "conda-env-xyz-py"}}, fallback="")


def test_another_kernel_that_is_not_installed_is_named() -> None:
    with pytest.raises(KernelError, match="the kernel 'nothing' is not installed"):
        choice({"kernelspec": {"name": "conda-env-xyz-py"}}, fallback="nothing")
