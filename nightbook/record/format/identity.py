"""Ids that several processes compute alike, without talking to each other."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from nightbook.record.format.errors import RecordError
from nightbook.record.format.visible_text import encodable

_TIME = "%Y%m%dT%H%M%SZ"
RUN_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}", re.ASCII)
_MAX_FOLDER_LENGTH = 100  # twice that, with hashes and `.attempt-01.notebook.jsonl`, is a file name


def new_run_id(now: datetime, newest: str = "") -> str:
    """Return a new, sortable run id such as ``20261123T031700Z-7f3a2c``; ``now`` is in UTC.

    It sorts after the ``newest`` run's: if that is not earlier than now, because the clock has been set back
    since, the new id is a second later than that one.
    """
    with suppress(ValueError, OverflowError):  # no time, or the last that there is
        now = max(now, datetime.strptime(newest[:16], _TIME).replace(tzinfo=UTC) + timedelta(seconds=1))
    return f"{now:{_TIME}}-{secrets.token_hex(3)}"


def task_id_of(name: str, parameters: Mapping[str, str]) -> str:
    """Return the task's id, which is also its folder below ``tasks/``.

    ``clean-data`` without parameters, else ``clean-data/threshold=0.5``. Characters with a meaning
    in file systems or URLs are percent-encoded; a long list is cut and ends in a hash,
    so that different parameters never share a folder. Raise RecordError for a value that is no text of
    Unicode, such as bytes of a command line that are not UTF-8.
    """
    for key, value in parameters.items():
        if encodable(key + value) != key + value:
            raise RecordError(f"the parameter {key} of {name} is {value!r}, which is not UTF-8: correct it")
    folder = _bounded(quote(name, safe=""))
    if not parameters:
        return folder
    pairs = (f"{quote(key, safe='')}={quote(value, safe=' +@[]()')}" for key, value in parameters.items())
    return f"{folder}/{_bounded(','.join(pairs))}"


def _bounded(text: str) -> str:
    if len(text) <= _MAX_FOLDER_LENGTH:
        return text
    return f"{text[:_MAX_FOLDER_LENGTH]}~{hashlib.sha256(text.encode()).hexdigest()[:12]}"


def trace_id_of(run_id: str) -> int:
    """Return the run's trace id, 128 bits."""
    return int.from_bytes(hashlib.sha256(run_id.encode()).digest()[:16])


def invocation_span_id(trace_id: int, invocation: int) -> int:
    """Return the span id, 64 bits, of the run's nth invocation, counted from 1."""
    return _derived(trace_id, f"run {invocation}")


def task_span_id(trace_id: int, invocation: int, task_id: str) -> int:
    """Return the span id, 64 bits, of a task in an invocation: attempts name it before it is written."""
    return _derived(trace_id, f"task {invocation} {task_id}")


def _derived(trace_id: int, name: str) -> int:
    return int.from_bytes(hashlib.sha256(f"{trace_id:032x}|{name}".encode()).digest()[:8])
