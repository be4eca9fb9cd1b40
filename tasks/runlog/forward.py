"""Spans sent on to a collector as they are written, if OpenTelemetry's variables name one.

The record's lines are the very bodies that OTLP/HTTP takes as JSON, so they are sent as they are
(https://opentelemetry.io/docs/specs/otlp/#otlphttp-request). A collector that is slow or gone costs
the run nothing: it is asked from a thread, given up after three failures, and waited for no longer
than a moment at the end.
"""

import logging
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

from tasks.runlog.span_files import SpanFiles

_log = logging.getLogger(__name__)
_POLL_S = 1.0
_REQUEST_TIMEOUT_S = 3.0
_LAST_WAIT_S = 3.0
_MAX_FAILURES = 3


@dataclass(frozen=True, slots=True)
class Collector:
    """Where spans are sent, and with which headers."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)


def find_collector(environment: Mapping[str, str]) -> Collector | None:
    """The collector that the environment names, if it does.

    https://opentelemetry.io/docs/specs/otel/protocol/exporter/
    """
    base = environment.get("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    url = environment.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") or (base and f"{base.rstrip('/')}/v1/traces")
    if not url.startswith(("http://", "https://")):
        return None
    pairs = (pair.partition("=") for pair in environment.get("OTEL_EXPORTER_OTLP_HEADERS", "").split(","))
    return Collector(url, {key.strip(): unquote(value.strip()) for key, equals, value in pairs if equals})


@contextmanager
def forwarded_spans(spans: Path, collector: Collector | None) -> Iterator[None]:
    """Send what is written below ``spans`` while the context is open."""
    if collector is None:
        yield
        return
    files = SpanFiles(spans)
    files.new_lines()  # an earlier invocation has sent them
    done = threading.Event()
    thread = threading.Thread(target=_forward, args=(files, collector, done), name="forward", daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join(_LAST_WAIT_S)


def _forward(files: SpanFiles, collector: Collector, done: threading.Event) -> None:
    failures = 0
    while failures < _MAX_FAILURES:
        last = done.wait(_POLL_S)
        for _, line in files.new_lines():
            try:
                _send(line, collector)
                failures = 0
            except OSError as error:
                failures += 1
                if failures == _MAX_FAILURES:
                    _log.warning(
                        "%s does not take spans (%s): they are in the record only", collector.url, error
                    )
                    return
        if last:
            return


def _send(line: bytes, collector: Collector) -> None:
    request = urllib.request.Request(  # noqa: S310 http or https: see find_collector
        collector.url, data=line, headers={"Content-Type": "application/json", **collector.headers}
    )
    with urllib.request.urlopen(request, timeout=_REQUEST_TIMEOUT_S):  # noqa: S310 the same
        pass
