"""What a kernel publishes, without what its client would not store.

A message is in the memory of both several times while it is packed, sent and unpacked.
"""

from collections.abc import Mapping
from typing import Any

_MAX_ERROR_LINE = 10_000  # characters of an exception; the client cuts what is a little longer


def bounded(content: Any, max_bytes: int) -> Any:
    """Return a message's content; a display or exception that is larger than ``max_bytes`` in brief."""
    if not isinstance(content, Mapping):
        return content
    data = content.get("data")
    if "comm_id" not in content and isinstance(data, Mapping) and (size := _size(data)) > max_bytes:
        return {**content, "data": {"text/plain": _notice(size, max_bytes)}, "metadata": {}}
    if isinstance(content.get("evalue"), str):
        lines = [_start(line) for line in content.get("traceback", ())]
        return {**content, "evalue": _start(content["evalue"]), "traceback": lines}
    return content


def _size(data: Mapping[str, Any]) -> int:
    return sum(len(value) for value in data.values() if isinstance(value, str | bytes))


def _notice(size: int, max_bytes: int) -> str:
    return (
        f"[nightbook: {size:,} bytes in 1 outputs are left out here, because it is larger than "
        f"{max_bytes:,} bytes; the limit is max_output_bytes in luigi.cfg]"
    )


def _start(line: str) -> str:
    """Return the line, cut to its first characters, and how many it has."""
    return line if len(line) <= _MAX_ERROR_LINE else f"{line[:_MAX_ERROR_LINE]}… ({len(line)} characters)"
