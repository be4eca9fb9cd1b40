"""The module that an entry point ``MODULE:CLASS`` names: loading the class, and finding its folder."""

import importlib
import importlib.util
import sys
from pathlib import Path

from nightbook.record.format.errors import NightbookError


class PipelineError(NightbookError):
    """A pipeline that cannot be run as it is written."""


def load_class(entry_point: str) -> object:
    """Return what the entry point names. Raise PipelineError if there is no such thing."""
    module_name, _, class_name = entry_point.partition(":")
    _make_importable(Path.cwd())
    try:
        found: object = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError, ValueError) as error:
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


def _not_found(entry_point: str, reason: str = "") -> PipelineError:
    return PipelineError(
        f"there is no pipeline {entry_point!r}{reason}: "
        "name one as MODULE:CLASS, as luigi.cfg does under [nightbook]"
    )
