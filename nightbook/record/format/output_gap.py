"""The notice in an output log that stands for what was left out: its writer and its readers share it."""

import re
from dataclasses import dataclass

_NOTICE = "\n[nightbook: {} bytes of output are left out here; the limit is max_output_bytes in luigi.cfg]\n"
_PATTERN = re.compile(re.escape(_NOTICE).replace(r"\{\}", r"(\d{1,18})").encode())


@dataclass(frozen=True, slots=True)
class OutputGap:
    """Where the notice begins and ends in the file, and how many bytes it stands for."""

    start: int
    end: int
    left_out_bytes: int


def gap_notice(left_out_bytes: int) -> bytes:
    """Return the notice, which begins with a newline because the text before it may have none."""
    return _NOTICE.format(left_out_bytes).encode()


def find_gap(log: bytes) -> OutputGap | None:
    """Return the gap of an output log, or None if nothing was left out."""
    found = _PATTERN.search(log)
    return OutputGap(found.start(), found.end(), int(found[1])) if found else None
