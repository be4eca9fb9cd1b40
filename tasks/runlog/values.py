"""Names and values as they may stand in a record: checked when written and when read."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from tasks.runlog.model import Json

MAX_NAME_LENGTH = 100
MAX_JSON_LENGTH = 64 * 1024
_MAX_DEPTH = 2
_FOLDER = re.compile(r"[\w(@\[][\w .+@=()%~,\[\]-]{0,250}", re.ASCII)
_NAME = re.compile(r"[\w(@][\w .:+@=()%-]*", re.UNICODE)


def check_name(name: object, what: str) -> str:
    """The name itself, if it can be a file name, part of a URL and a heading.

    Letters, digits and ``_ . : + @ = ( ) % -`` and spaces, at most 100 characters, not starting
    with a dot. TypeError or ValueError otherwise; ``what`` names the thing in the message.
    """
    if not isinstance(name, str):
        raise TypeError(f"the name of {what} must be a string, not {type(name).__name__} ({name!r})")
    if len(name) > MAX_NAME_LENGTH:
        raise ValueError(
            f"the name of {what} has {len(name)} characters, at most {MAX_NAME_LENGTH} are allowed: "
            f"{name[:40]!r}..."
        )
    if ".." in name or name.endswith(" ") or not _NAME.fullmatch(name):
        raise ValueError(
            f"{name!r} cannot be the name of {what}: use letters, digits, spaces and _.:+@=()%- only, "
            "no slash, no '..', and no dot or space at the ends"
        )
    return name


def check_task_id(task_id: str) -> str:
    """The task id itself, if it is a folder below ``tasks/``: ``name`` or ``name/parameters``."""
    parts = task_id.split("/")
    if len(parts) > _MAX_DEPTH or any(not _FOLDER.fullmatch(part) for part in parts):
        raise ValueError(f"{task_id!r:.100} is no task id")
    return task_id


def check_number(value: object, name: str) -> int | float:
    """A Python number for a metric; NumPy's scalars are converted. TypeError for all else."""
    value = _plain(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(
            f"metric {name!r} must be a number, not {type(value).__name__} ({value!r:.80}); "
            "use log_value for anything else"
        )
    return value


def to_json(value: object, name: str) -> str:
    """The value as JSON text in which NaN, Infinity and -Infinity may stand.

    RFC 8259 has no text for these three; a loss that became NaN is worth knowing, so they are kept
    in the spelling that Python, JSON5 and most readers know. TypeError for what is no JSON,
    ValueError for more than 64 KiB of text.
    """
    text = json.dumps(_plain_tree(value, name), ensure_ascii=False)
    if len(text) > MAX_JSON_LENGTH:
        raise ValueError(
            f"value {name!r} has {len(text)} characters of JSON, at most {MAX_JSON_LENGTH} are allowed; "
            "use log_dict or log_table for large things"
        )
    return text


def from_json(text: str) -> Json:
    """The value of a text made by ``to_json``; ValueError if it is not one."""
    value: Json = json.loads(text)
    return value


def is_finite(value: object) -> bool:
    """Whether a value is a number that can be plotted."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain(value: object) -> object:
    """NumPy's scalars as Python's, without importing NumPy."""
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        converted: object = item()
        return converted
    return value


def _plain_tree(value: object, name: str) -> Any:
    value = _plain(value)
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain_tree(item, name) for item in value]
    if isinstance(value, Mapping):
        bad = next((key for key in value if not isinstance(key, str)), None)
        if bad is not None:
            raise TypeError(f"value {name!r} has the key {bad!r}: the keys of a JSON object are strings")
        return {key: _plain_tree(item, name) for key, item in value.items()}
    raise TypeError(
        f"value {name!r} holds a {type(value).__name__}, which is no JSON: use None, bool, int, float, str, "
        "list or dict (an array has .tolist())"
    )
