"""The module that an entry point ``MODULE:CLASS`` names: loading the class, and finding its folder."""

import importlib
import importlib.util
import sys
import traceback
from pathlib import Path

from nightbook.record.format.errors import NightbookError


class PipelineError(NightbookError):
    """A pipeline that cannot be run as it is written."""


def load_class(entry_point: str) -> object:
    """Return what the entry point names. Raise PipelineError if there is no such thing."""
    module_name, _, class_name = entry_point.partition(":")
    if not (module_name and class_name):
        raise _not_found(entry_point)
    _make_importable(Path.cwd())
    try:
        module = importlib.import_module(module_name)
    except (Exception, SystemExit) as error:  # a forker's module may raise anything
        if isinstance(error, ModuleNotFoundError) and f"{module_name}.".startswith(f"{error.name}."):
            raise _not_found(entry_point) from error
        raise PipelineError(f"{module_name} cannot be imported: {describe_raised(error)}") from error
    try:
        found: object = getattr(module, class_name)
    except AttributeError as error:
        raise _not_found(entry_point, f" ({error})") from error
    return found


def code_folder(entry_point: str) -> Path:
    """Return the folder of the entry point's module, which is not imported: it may be broken at the moment.

    Raise PipelineError if there is no such module.
    """
    _make_importable(Path.cwd())
    try:
        spec = importlib.util.find_spec(entry_point.partition(":")[0])
    except (ImportError, ValueError) as error:
        raise _not_found(entry_point) from error
    if spec is None or spec.origin is None:
        raise _not_found(entry_point)
    return Path(spec.origin).parent


def _make_importable(folder: Path) -> None:
    """Let modules be found in the folder, as ``python -m`` does."""
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


def describe_raised(error: BaseException) -> str:
    """Return the error on one line, with the file and the line where it was raised."""
    if isinstance(error, SyntaxError):
        place = f" ({_relative(error.filename or '')}, line {error.lineno})"
        return f"{type(error).__name__}: {error.msg}{place}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(Path.cwd())]
    place = f" ({_relative(own[-1].filename)}, line {own[-1].lineno})" if own else ""
    return f"{type(error).__name__}: {' '.join(str(error).split())}{place}"


def _relative(file: str) -> str:
    here = Path.cwd()
    return str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else file


def _not_found(entry_point: str, reason: str = "") -> PipelineError:
    if not entry_point:
        return PipelineError(
            "luigi.cfg names no pipeline: add `pipeline = MODULE:CLASS` under [nightbook], "
            "or name one with --pipeline"
        )
    return PipelineError(
        f"there is no pipeline {entry_point!r}{reason}: "
        "name one as MODULE:CLASS, as luigi.cfg does under [nightbook]"
    )
