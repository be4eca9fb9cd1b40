"""Sends spans to a collector as they are written, if OpenTelemetry's variables name one.

A line of the record is a request body of OTLP/HTTP in JSON, so the lines are sent as they are
(https://opentelemetry.io/docs/specs/otlp/#otlphttp-request). A collector that is slow or gone does not
delay the run: a thread sends the spans, gives up after three failures, and at the end the run waits only
for a collector that goes on to answer.
"""

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.parse import unquote

from nightbook.record.format.errors import RecordError
from nightbook.record.read.span_files import SpanFiles

_log = logging.getLogger(__name__)
_POLL_S = 1.0
_REQUEST_TIMEOUT_S = 3.0
_LAST_WAIT_S = 5.0
_SILENCE_S = 1.0  # of a collector, at the end
_BATCH_LINES = 500
_MAX_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Collector:
    """The address that spans are sent to, and the headers of the requests."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def find_collector(environment: Mapping[str, str]) -> Collector | None:
    """Return the collector that the environment names, or None; raise RecordError if it is not an address.

    https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    """
    base = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    url = environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or (base and f"{base.rstrip('/')}/v1/traces")
    if not url:
        return None
    if not url.startswith(("http://", "https://")):
        raise RecordError(f"the collector {url!r} in OTEL_EXPORTER_OTLP_ENDPOINT is not an http(s) address")
    pairs = (pair.partition("=") for pair in environment.get("OTEL_EXPORTER_OTLP_HEADERS", "").split(","))
    return Collector(url, {key.strip(): unquote(value.strip()) for key, equals, value in pairs if equals})


@contextmanager
def forwarded_spans(spans: Path, collector: Collector | None) -> Iterator[None]:
    """Send the spans that are written into the folder ``spans`` while the context is open."""
    if collector is None:
        yield
        return
    forwarder = _Forwarder(SpanFiles(spans), collector)
    thread = threading.Thread(target=forwarder.forward, name="forward", daemon=True)
    thread.start()
    try:
        yield
    finally:
        forwarder.done.set()
        end_s = time.monotonic() + _LAST_WAIT_S
        sent = -1
        while thread.is_alive() and sent < forwarder.sent and time.monotonic() < end_s:
            sent = forwarder.sent
            thread.join(_SILENCE_S)
        forwarder.log_unsent()


class _Forwarder:
    """Sends new lines in batches; a batch that failed is sent again."""

    def __init__(self, files: SpanFiles, collector: Collector) -> None:
        self._files = files
        self._collector = collector
        self._unsent: list[bytes] = []
        self._error: Exception | None = None
        self.done = threading.Event()
        self.sent = 0  # batches
        files.new_lines()  # an earlier invocation has sent them

    def forward(self) -> None:
        """Send until ``done`` is set and all is sent, or until the collector has failed too often."""
        failures = 0
        while failures < _MAX_FAILURES:
            last = self.done.wait(_POLL_S)
            self._unsent += [line for _, line in self._files.new_lines()]
            try:
                while self._unsent:
                    _send(self._unsent[:_BATCH_LINES], self._collector)
                    self._error, failures = None, 0
                    self.sent += 1
                    del self._unsent[:_BATCH_LINES]
            except (OSError, HTTPException, ValueError) as error:
                self._error = error
                failures += 1
            if last and (not self._unsent or not self.sent):
                return

    def log_unsent(self) -> None:
        """Log a warning if the collector has not taken all spans."""
        if self._unsent or not self.sent:
            reason = self._error or "it is too slow"
            _log.warning(
                "%s has not taken all spans (%s): they are in the record all the same",
                self._collector.url,
                reason,
            )


def _send(lines: list[bytes], collector: Collector) -> None:
    """Send several lines as one request, which holds the spans of all of them."""
    body = b'{"resourceSpans":[' + b",".join(_resource_spans(line) for line in lines) + b"]}"
    request = urllib.request.Request(  # noqa: S310 http or https: see find_collector
        collector.url, data=body, headers={"Content-Type": "application/json", **collector.headers}
    )
    with urllib.request.urlopen(request, timeout=_REQUEST_TIMEOUT_S):  # noqa: S310 the same
        pass


def _resource_spans(line: bytes) -> bytes:
    """Return the text between the brackets of a line's ``resourceSpans``."""
    return json.dumps(json.loads(line)["resourceSpans"], separators=(",", ":")).encode()[1:-1]
