"""Which kernel runs a notebook: the one that it names, or another where that is another machine's."""

import logging
import re
from functools import cache

from jupyter_client.kernelspec import KernelSpec
from nbformat import NotebookNode

from nightbook.execution.notebook.kernels import KernelError, find_kernel, kernel_name

_PYTHON = "python"
_LIKE_PYTHON = re.compile(r"py|conda|env", re.IGNORECASE)  # `conda-env-xyz-py`, `.venv`
_log = logging.getLogger(__name__)


def choose_kernel(notebook: NotebookNode, fallback: str, notebook_name: str) -> str:
    """Return the name of the kernel for a notebook of Python.

    If the one that it names is not installed, which is so with the environments of another machine, it is
    ``fallback``, and a warning says so. Raise KernelError if there is none, and for another language:
    parameters are handed over as Python.
    """
    name, installed = kernel_name(notebook), None
    try:
        installed = find_kernel(name)
    except KernelError:
        if not (fallback and _may_be_python(notebook, name)):
            raise _refused(notebook, name) from None
    language = _language(notebook, installed)
    if not language.startswith(_PYTHON):
        raise KernelError(f"it is a notebook of {language}, and only those of Python are given parameters")
    if installed is not None:
        return name
    find_kernel(fallback)
    _warn_once(notebook_name, name, fallback)
    return fallback


def _refused(notebook: NotebookNode, name: str) -> KernelError:
    language = _language(notebook, None)
    of = "" if language.startswith(_PYTHON) else f", and it is a notebook of {language}"
    return KernelError(
        f"the kernel {name!r} is not installed{of}: "
        "install it, or change the notebook's kernelspec to python3"
    )


def _may_be_python(notebook: NotebookNode, name: str) -> bool:
    return _language(notebook, None, "").startswith(_PYTHON) or (
        not _language(notebook, None, "") and bool(_LIKE_PYTHON.search(name))
    )


def _language(notebook: NotebookNode, installed: KernelSpec | None, unknown: str = _PYTHON) -> str:
    """Return the notebook's language, as the kernel says, or else the notebook; in lower case."""
    metadata = notebook.metadata
    declared = metadata.get("kernelspec", {}).get("language") or metadata.get("language_info", {}).get("name")
    return str((installed and installed.language) or declared or unknown).lower()


@cache
def _warn_once(notebook_name: str, name: str, fallback: str) -> None:
    _log.warning("%s: the kernel %r is not installed here: it runs as %s", notebook_name, name, fallback)
