"""Reading a notebook in text form, so that what a reader of the file sees is what runs."""

from collections.abc import Iterator
from typing import Any

import jupytext
from jupytext.formats import read_metadata
from nbformat import NotebookNode

from nightbook.execution.notebook.magic_comments import find_magic_comments
from nightbook.execution.notebook.text_cells import EXTENSION, TextCell, text_cells

_WITH_MARKERS = ("percent", "hydrogen")  # formats in which `# %% [markdown]` begins a cell
_QUOTES = ('"""', "'''")


def read_text_notebook(text: str, extension: str) -> NotebookNode:
    """Return the notebook; comments stay comments, unless its header has ``comment_magics: true``."""
    header = _jupytext_header(text, extension)
    magics = {"comment_magics": header.get("comment_magics") is True}
    notebook: NotebookNode = jupytext.reads(text, {"extension": extension, **magics})
    return notebook


def find_ambiguities(text: str, notebook: NotebookNode) -> list[tuple[int, str]]:
    """Return the lines of a Python file that would not run as they look, and what is to be done.

    ``notebook`` is what was read from it.
    """
    format_ = notebook.metadata.get("jupytext", {}).get("text_representation", {})
    if format_.get("extension") != EXTENSION:
        return []
    header = _jupytext_header(text, EXTENSION)
    comment_magics = header.get("comment_magics")
    by_jupytext = "text_representation" in header
    found: list[tuple[int, str]] = []
    for cell in text_cells(text, format_.get("format_name", "")):
        if cell.kind == "code" and cell.language == "python":
            found += find_magic_comments(cell, comment_magics=comment_magics, by_jupytext=by_jupytext)
        elif cell.kind == "code":
            found += _half_commented(cell)
        elif format_.get("format_name") in _WITH_MARKERS and "active" not in cell.metadata:
            found += _code_in_text(cell)
    return found


def _jupytext_header(text: str, extension: str) -> dict[str, Any]:
    """Return what the file's header says to jupytext."""
    header: dict[str, Any] = read_metadata(text, extension).get("jupytext", {})
    return header


def _half_commented(cell: TextCell) -> Iterator[tuple[int, str]]:
    """Yield the first comment in a cell of another language, if other lines of it are none: it would run."""
    lines = [(n, line) for n, line in enumerate(cell.lines, cell.first_line) if line.strip()]
    comments = [number for number, line in lines if line.startswith("#")]
    if comments and len(comments) < len(lines):
        message = (
            f"a cell with language={cell.language!r} has its text in comments, all of it or nothing: "
            "with some lines commented, nobody can tell which of them run"
        )
        yield comments[0], message


def _code_in_text(cell: TextCell) -> Iterator[tuple[int, str]]:
    """Yield the first line of a text cell that is neither a comment nor in a string."""
    text = "\n".join(cell.lines).strip()
    if any(text.lstrip("rR").startswith(quote) and text.endswith(quote) for quote in _QUOTES):
        return
    for number, line in enumerate(cell.lines, cell.first_line):
        if line.strip() and not line.lstrip().startswith("#"):
            message = (
                f"`{line.strip():.60}` is code in a {cell.kind} cell, which does not run: "
                "begin a code cell with `# %%` before it, or make it a comment"
            )
            yield number, message
            return
