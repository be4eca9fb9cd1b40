"""The names that a record can hold: checked when they are written and when they are read."""

import re

from nightbook.record.format.packed_names import pack_name

MAX_NAME_LENGTH = 100
MAX_VALUE_NAME_LENGTH = 250  # as in MLflow
MAX_NAME_BYTES = 240  # a file name has 255, and is `.NAME.part` while it is written
MAX_PATH_BYTES = 1000
MAX_ATTEMPT = 999_999  # six digits of a folder's name
_MAX_FOLDERS = 2
_FOLDER = re.compile(r"[\w(@\[%][\w .+@=()%~,\[\]-]{0,250}", re.ASCII)
_NAME = re.compile(r"[\w(@][\w .:+@=()%-]*", re.UNICODE)
_PART = re.compile(r"\..*\.part", re.DOTALL)  # what `new_file` calls a file while it is written
# A file's name may have an end of line, as macOS's `Icon\r`, and any space, as its screenshots have.
_UNPRINTED = str.maketrans(dict.fromkeys("\t\n\r\xa0\u2007\u202f\u3000", " "))


def check_task_name(name: str) -> str:
    """Return the name itself, if a task can have it: it is a heading, and with parameters a folder.

    It has letters, digits, spaces and ``_ . : + @ = ( ) % -``, at most 100 characters and 240 bytes, and no
    dot or space at the ends. Raise ValueError otherwise.
    """
    if len(name) > MAX_NAME_LENGTH or _size_bytes(name) > MAX_NAME_BYTES:
        raise ValueError(
            f"the name of a task has {len(name)} characters and {_size_bytes(name)} bytes, "
            f"at most {MAX_NAME_LENGTH} and {MAX_NAME_BYTES} are allowed: {name[:40]!r}..."
        )
    if ".." in name or name.endswith((" ", ".")) or not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot be the name of a task: use letters, digits, spaces and _.:+@=()%- only, "
            "no slash, no '..', and no dot or space at the ends"
        )
    return name


def check_value_name(name: object, what: str) -> str:
    """Return the name itself, if a metric, parameter or value can have it: any printable text of one line.

    Slashes divide it as folders are divided: ``val/loss``. It has at most 250 characters, and no space at the
    ends. Raise TypeError or ValueError otherwise; ``what`` names the thing.
    """
    text = _check_text(name, what)
    if len(text) > MAX_VALUE_NAME_LENGTH:
        raise ValueError(
            f"the name of {what} has {len(text)} characters, at most {MAX_VALUE_NAME_LENGTH} are allowed: "
            f"{text[:40]!r}..."
        )
    if not text.isprintable() or text != text.strip():
        raise ValueError(
            f"{text!r} cannot be the name of {what}: use printable characters only, and no space at the ends"
        )
    return text


def check_artifact_name(name: object) -> str:
    """Return the name itself, if an artifact can have it: that of a file, perhaps in folders.

    Each part between slashes has at most 240 bytes, the characters that GitHub refuses counted as three.
    Raise TypeError or ValueError otherwise.
    """
    text = _check_text(name, "an artifact")
    if not text.translate(_UNPRINTED).isprintable():
        raise ValueError(
            f"{text!r:.300} cannot be the name of an artifact: it has characters that nobody can see"
        )
    longest = max(text.split("/"), key=lambda part: _size_bytes(pack_name(part)))
    if _size_bytes(pack_name(longest)) > MAX_NAME_BYTES or _size_bytes(text) > MAX_PATH_BYTES:
        raise ValueError(
            f"the name of an artifact has {_size_bytes(text)} bytes, its longest part "
            f"{_size_bytes(longest)}; at most {MAX_PATH_BYTES} and {MAX_NAME_BYTES} are allowed: "
            f"{text[:40]!r}..."
        )
    if any(_PART.fullmatch(part) for part in text.split("/")):
        raise ValueError(
            f"{text!r} cannot be the name of an artifact: files are called so while they are written"
        )
    return text


def check_task_id(task_id: str) -> str:
    """Return the task id itself, if it is a folder below ``tasks/``: ``name`` or ``name/parameters``.

    Raise ValueError otherwise.
    """
    parts = task_id.split("/")
    if len(parts) > _MAX_FOLDERS or any(not _FOLDER.fullmatch(part) for part in parts):
        raise ValueError(f"{task_id!r:.100} is not a task id")
    return task_id


def _check_text(name: object, what: str) -> str:
    """Return the name, if it is a text whose parts between slashes are neither empty nor ``.`` or ``..``."""
    if not isinstance(name, str):
        raise TypeError(f"the name of {what} must be a string, not {type(name).__name__} ({name!r:.100})")
    if not {"", ".", ".."}.isdisjoint(name.split("/")):
        raise ValueError(
            f"{name!r:.300} cannot be the name of {what}: neither it nor a part between slashes may be "
            "empty, '.' or '..'"
        )
    return name


def _size_bytes(text: str) -> int:
    return len(text.encode(errors="replace"))
