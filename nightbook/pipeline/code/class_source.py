"""Where a task's class is written, and its text."""

import inspect
from pathlib import Path


def source_name(class_: type) -> str:
    """Return ``tasks/pipeline.py:Clean``: the file, relative to the working folder if it is below it."""
    try:
        file = Path(inspect.getfile(class_))
    except (OSError, TypeError):  # typed into an interpreter
        return f"{class_.__module__}:{class_.__qualname__}"
    here = Path.cwd()
    path = file.relative_to(here) if file.is_relative_to(here) else file.name
    return f"{path}:{class_.__qualname__}"


def source_text(class_: type) -> str:
    """Return the class's text as it is in its file, or a line that says that there is none."""
    try:
        return inspect.getsource(class_)
    except (OSError, TypeError):
        return f"# the source of {class_.__qualname__} is in no file\n"
