"""The name of the home folder, which the texts of a record do not reveal: they are published."""

import re
from dataclasses import replace
from pathlib import Path

from nightbook.record.format.schema import Error

_SHORT = "~"  # as shells and IPython write it


def home_folder() -> Path:
    """Return the user's home folder; the root folder for a user who has none."""
    try:
        return Path.home()
    except RuntimeError:
        return Path("/")


def without_home(error: Error, home: Path) -> Error:
    """Return the error with the paths in its message and its traceback shortened: ``~/digits/tasks/a.py``."""
    if home == Path(home.anchor):
        return error
    pattern = re.compile(rf"(?<![\w./~-]){re.escape(str(home))}(?![\w.-])")
    return replace(
        error,
        message=pattern.sub(_SHORT, error.message),
        traceback=pattern.sub(_SHORT, error.traceback),
    )
