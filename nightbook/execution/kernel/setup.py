"""What a Python kernel is taught before the first cell.

The text of this file is sent to a kernel of another environment and executed there: it imports what each
IPython has, and nothing of Nightbook.
"""

import ast
import re
import sys
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import Any

_CELL = re.compile(r"^\s*#\s*%%(\s|$)", re.MULTILINE)
EXIT_PAYLOAD = "nightbook-exit"


def set_up(shell: Any) -> None:
    """Let ``exit()`` and ``quit()`` end the cell as ``sys.exit()`` does, and report the status of either.

    Let installed packages be found before notebooks of the same name.
    """
    autocall: Any = import_module("IPython.core.autocall")

    class Exit(autocall.IPyAutocall):  # type: ignore[misc]  # so that `exit` is a call, without parentheses
        """Raises SystemExit; IPython's own lets the rest of the cell, and the cells after it, run."""

        rewrite = False

        def __call__(self, code: object = None) -> None:
            raise SystemExit(code)

    for name in ("exit", "quit"):
        shell.user_ns[name] = shell.user_ns_hidden[name] = Exit()
        shell.builtin_trap.auto_builtins[name] = Exit()  # in modules, which IPython takes it from
    shell.ast_transformers.append(BareExit(lambda name: isinstance(shell.user_ns.get(name), Exit)))
    shown = _show_failures(shell)
    shell.events.register("post_run_cell", lambda result: _report(shell, result, shown))
    sys.meta_path.insert(0, NotebooksLast(Path.cwd()))


class BareExit(ast.NodeTransformer):
    """Makes the statement ``exit`` a call wherever it stands; IPython does so where it is the whole cell.

    ``ends_notebook`` says of a name whether it is that function. What the cell itself binds is left alone.
    """

    def __init__(self, ends_notebook: Callable[[str], bool]) -> None:
        self._ends_notebook = ends_notebook
        self._bound: set[str] = set()

    def visit_Module(self, node: ast.Module) -> ast.AST:
        """Return the cell."""
        self._bound = {
            getattr(part, "name", getattr(part, "id", ""))
            for part in ast.walk(node)
            if not isinstance(getattr(part, "ctx", None), ast.Load)
        }
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.Expr:
        """Return the statement; as a call, if it is a name that ends the notebook."""
        name = getattr(node.value, "id", "")
        if name and name not in self._bound and self._ends_notebook(name):
            node.value = ast.copy_location(ast.Call(node.value, [], []), node.value)
        return node


class NotebooksLast:
    """Finds an installed package before a notebook of the same name, which lies in the working folder.

    Without it, a notebook ``onnx.py`` would be what ``import onnx`` finds, in its own cells and in packages.
    Other files of the folder, such as modules that notebooks share, are found first, as everywhere.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find_spec(self, name: str, path: object = None, _: object = None) -> ModuleSpec | None:
        """Return where the installed package is; None leaves it to others to find the module."""
        if path is not None or not self._is_notebook(self._folder / f"{name}.py"):
            return None
        others = [entry for entry in sys.path if Path(entry or ".").absolute() != self._folder]
        return PathFinder.find_spec(name, others)

    def _is_notebook(self, file: Path) -> bool:
        try:
            return _CELL.search(file.read_text(encoding="utf-8", errors="replace")) is not None
        except OSError:
            return False


def _report(shell: Any, result: Any, shown: list[SystemExit]) -> None:
    """Add the status with which the cell has ended the notebook to the kernel's reply.

    ``shown`` are the exits with another status than 0 that IPython has shown and not raised: of `%run`.
    """
    error = result.error_in_exec or next(iter(shown), None)
    shown.clear()
    if isinstance(error, SystemExit):
        shell.payload_manager.write_payload(
            {"source": EXIT_PAYLOAD, "status": _status(error), "text": _text(error)}
        )


def _show_failures(shell: Any) -> list[SystemExit]:
    """Show no traceback of an exit with status 0, and no advice on how to leave IPython.

    Return a list of the exits that are shown from then on.
    """
    warnings.filterwarnings("ignore", message="To exit: use 'exit', 'quit', or Ctrl-D")
    show = shell.showtraceback
    shown: list[SystemExit] = []

    def showtraceback(*args: Any, **kwargs: Any) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, SystemExit):
            if _status(error) == 0:
                shell._last_traceback = []  # noqa: SLF001 ipykernel asks for it, and has none before the first
                return
            shown.append(error)
        show(*args, **kwargs)

    shell.showtraceback = showtraceback
    return shown


def _status(error: SystemExit) -> int:
    """Return the exit status as Python has it: of 0 to 255, and 1 for a text."""
    if error.code is None or isinstance(error.code, int):
        return int(error.code or 0) & 0xFF
    return 1


def _text(error: SystemExit) -> str:
    """Return the text that Python would print; empty for a status."""
    return "" if error.code is None or isinstance(error.code, int) else str(error.code)
