"""Notebooks with magics, which are no Python to a formatter and a type checker: both leave them out.

``python -m nightbook.watch.magics TOOL`` prints the options with which ``ruff`` or ``mypy`` does so, and
names these notebooks on standard error.
"""

import ast
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from nightbook import settings
from nightbook.execution.notebook.names import parse_cell
from nightbook.execution.notebook.text_notebook import read_text_notebook

_LEFT_OUT = {"ruff": "it is not formatted, nor checked by ruff", "mypy": "its types are not checked"}


def with_magics(notebooks: Path) -> list[str]:
    """Return the notebooks below the folder that are Python but for their magics, relative to this folder."""
    here = Path.cwd()
    files = (file for file in sorted(notebooks.rglob("*.py")) if file.is_relative_to(here))
    return [str(file.relative_to(here)) for file in files if _has_magics(file)]


def leave_out(tool: str, files: Sequence[str]) -> list[str]:
    """Return the options of ``ruff`` or ``mypy`` that leave the files out; none if there are no files."""
    if not files:
        return []
    if tool == "ruff":
        return ["--extend-exclude", ",".join(files)]
    return ["--exclude", f"^({'|'.join(map(re.escape, files))})$"]


def _has_magics(file: Path) -> bool:
    try:
        text = file.read_text(encoding="utf-8")
        ast.parse(text)
    except (OSError, UnicodeDecodeError):
        return False
    except (SyntaxError, ValueError):
        return _is_python_otherwise(text)
    return False


def _is_python_otherwise(text: str) -> bool:
    try:
        for cell in read_text_notebook(text, ".py").cells:
            if cell.cell_type == "code":
                parse_cell(cell.source)
    except Exception:  # noqa: BLE001 the tools say what is wrong with it; jupytext raises whatever it meets
        return False
    return True


def main(tool: str) -> None:
    """Print the tool's options, and a line for each notebook that is left out."""
    files = with_magics(settings.settings().notebooks)
    for file in files:
        sys.stderr.write(f"{file} has magics: {_LEFT_OUT[tool]}\n")
    print(" ".join(leave_out(tool, files)))


if __name__ == "__main__":
    main(sys.argv[1])
