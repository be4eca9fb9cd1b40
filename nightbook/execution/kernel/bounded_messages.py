"""What a kernel publishes, without what its client would not store.

A message is in the memory of both several times while it is packed, sent and unpacked.
"""

import re
from collections.abc import Mapping
from typing import Any

_MAX_ERROR_LINE = 10_000  # characters of an exception
_CUT = re.compile(r"… \(\d+ characters\)")


def bounded(content: Any, max_bytes: int) -> Any:
    """Return a message's content; a display or exception that is larger than ``max_bytes`` in brief."""
    if not isinstance(content, Mapping):
        return content
    data = content.get("data")
    if "comm_id" not in content and isinstance(data, Mapping) and (size := _size(data)) > max_bytes:
        return {**content, "data": {"text/plain": _notice(size, max_bytes)}, "metadata": {}}
    if isinstance(content.get("evalue"), str):
        lines = [start_of(line) for line in content.get("traceback", ())]
        return {**content, "evalue": start_of(content["evalue"]), "traceback": lines}
    return content


def _size(data: Mapping[str, Any]) -> int:
    return sum(len(value) for value in data.values() if isinstance(value, str | bytes))


def _notice(size: int, max_bytes: int) -> str:
    return (
        f"[nightbook: {size:,} bytes in 1 outputs are left out here, because it is larger than "
        f"{max_bytes:,} bytes; the limit is max_output_bytes in luigi.cfg]"
    )


def start_of(line: str) -> str:
    """Return a line of an exception: of a long one its first characters, and how many it has.

    A line that has been cut stays as it is: the client does so, too, for the kernels of other environments.
    """
    rest = line[_MAX_ERROR_LINE:]
    if not rest or _CUT.fullmatch(rest):
        return line
    return f"{line[:_MAX_ERROR_LINE]}… ({len(line)} characters)"
