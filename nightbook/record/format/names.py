"""The names that a record can hold: checked when they are written and when they are read."""

import re

MAX_NAME_LENGTH = 100
MAX_NAME_BYTES = 240  # a file name has 255, and is `.NAME.part` while it is written
_MAX_FOLDERS = 2
_FOLDER = re.compile(r"[\w(@\[%][\w .+@=()%~,\[\]-]{0,250}", re.ASCII)
_NAME = re.compile(r"[\w(@][\w .:+@=()%-]*", re.UNICODE)


def check_name(name: object, what: str) -> str:
    """Return the name itself, if it can be a file name, part of a URL and a heading.

    It has letters, digits, spaces and ``_ . : + @ = ( ) % -``, at most 100 characters and 240 bytes, and no
    dot or space at the ends. Raise TypeError or ValueError otherwise; ``what`` names the thing.
    """
    if not isinstance(name, str):
        raise TypeError(f"the name of {what} must be a string, not {type(name).__name__} ({name!r})")
    size_bytes = len(name.encode(errors="replace"))
    if len(name) > MAX_NAME_LENGTH or size_bytes > MAX_NAME_BYTES:
        raise ValueError(
            f"the name of {what} has {len(name)} characters and {size_bytes} bytes, "
            f"at most {MAX_NAME_LENGTH} and {MAX_NAME_BYTES} are allowed: {name[:40]!r}..."
        )
    if ".." in name or name.endswith((" ", ".")) or not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot be the name of {what}: use letters, digits, spaces and _.:+@=()%- only, "
            "no slash, no '..', and no dot or space at the ends"
        )
    return name


def check_file_name(name: object) -> str:
    """Return the name itself, if an artifact can have it: as ``check_name``, and without a colon.

    Windows has no files with a colon, and GitHub refuses them in a workflow's artifacts.
    """
    checked = check_name(name, "an artifact")
    if ":" in checked:
        raise ValueError(f"{checked!r} cannot be the name of an artifact: it is a file's, so use no colon")
    return checked


def check_task_id(task_id: str) -> str:
    """Return the task id itself, if it is a folder below ``tasks/``: ``name`` or ``name/parameters``.

    Raise ValueError otherwise.
    """
    parts = task_id.split("/")
    if len(parts) > _MAX_FOLDERS or any(not _FOLDER.fullmatch(part) for part in parts):
        raise ValueError(f"{task_id!r:.100} is not a task id")
    return task_id
