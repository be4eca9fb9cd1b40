"""A file of spans that is written line by line: each span is there whole, or not at all."""

import json
import os
from pathlib import Path

from opentelemetry.exporter.otlp.json.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor

from nightbook.record.format.errors import RecordError


class SpanFile(SpanProcessor):
    """Appends each ended span to a file, in one write.

    The SDK's own processors log what an exporter raises and go on; here a span that cannot be written is
    an error, because what is not in the record did not happen.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
            self._end_line()
        except OSError as error:
            raise _unwritable(path, error) from error

    def on_end(self, span: ReadableSpan) -> None:
        """Write the span's line whole or not at all; raise RecordError if it cannot be written."""
        line = json.dumps(encode_spans([span]).to_dict(), separators=(",", ":")).encode() + b"\n"
        before = os.fstat(self._file).st_size
        try:
            written = os.write(self._file, line)
            while written < len(line):
                written += os.write(self._file, line[written:])
        except OSError as error:
            os.ftruncate(self._file, before)
            raise _unwritable(self._path, error) from error

    def _end_line(self) -> None:
        """End the line in the middle of which an earlier writer was killed, so that the next has its own."""
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")

    def shutdown(self) -> None:
        """Close the file."""
        os.close(self._file)


def _unwritable(path: Path, error: OSError) -> RecordError:
    return RecordError(
        f"cannot write the run record's span file {path}: {error.strerror}. "
        "Free some space or make the folder writable, then resume the run."
    )
