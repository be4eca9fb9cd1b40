"""Spans sent on to a collector: a real HTTP server that takes, refuses or never answers them."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from nightbook.record.format.errors import RecordError
from nightbook.record.read.forward import Collector, find_collector, forwarded_spans


class Server(ThreadingHTTPServer):
    """A collector that keeps what it was sent, and answers with ``status``."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []

    @property
    def collector(self) -> Collector:
        return Collector(f"http://127.0.0.1:{self.server_port}/v1/traces", {"api-key": "secret"})


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.headers.append(dict(self.headers))
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def write(spans: Path, *numbers: int) -> None:
    with (spans / "a.jsonl").open("a") as file:
        for number in numbers:
            file.write(json.dumps({"resourceSpans": [number]}) + "\n")


def test_each_new_line_is_sent_once_in_order(tmp_path: Path, server: Server) -> None:
    write(tmp_path, 1, 2)
    with forwarded_spans(tmp_path, server.collector):
        write(tmp_path, 3)
        time.sleep(1.5)
        write(tmp_path, 4, 5)

    assert [json.loads(body)["resourceSpans"] for body in server.bodies] == [[3], [4, 5]]
    assert {headers["Content-Type"] for headers in server.headers} == {"application/json"}
    assert {headers["Api-Key"] for headers in server.headers} == {"secret"}


def test_a_collector_that_refuses_is_given_up(
    tmp_path: Path, server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.status = 500
    with forwarded_spans(tmp_path, server.collector):
        write(tmp_path, *range(10))

    assert {body.count(b",") for body in server.bodies} == {9}
    assert len(server.bodies) <= 3
    assert "has not taken all spans (HTTP Error 500" in caplog.text


def test_a_collector_that_fails_once_is_sent_everything(tmp_path: Path, server: Server) -> None:
    server.status = 503
    with forwarded_spans(tmp_path, server.collector):
        write(tmp_path, 1)
        while not server.bodies:
            time.sleep(0.05)
        server.status = 200
        write(tmp_path, 2)
        time.sleep(1.5)

    assert json.loads(server.bodies[-1])["resourceSpans"] == [1, 2]


@pytest.mark.promise("A collector of traces that never answers does not hold the run.")
def test_a_collector_that_never_answers_does_not_hold_the_run(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        start = time.monotonic()
        with forwarded_spans(tmp_path, Collector(f"http://127.0.0.1:{silent.getsockname()[1]}/")):
            write(tmp_path, *range(100))
        waited = time.monotonic() - start

    assert waited < 2


def test_a_collector_that_stalls_after_an_answer_does_not_hold_the_run(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    stalled = threading.Event()
    with forwarded_spans(tmp_path, server.collector):
        write(tmp_path, 1)
        while not server.bodies:
            time.sleep(0.02)
        monkeypatch.setattr(Handler, "do_POST", lambda _: stalled.wait(60))
        write(tmp_path, 2)
        start = time.monotonic()
    waited = time.monotonic() - start
    stalled.set()

    assert waited < 2


@pytest.mark.parametrize(
    ("environment", "collector"),
    [
        ({}, None),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318/"}, Collector("http://c:4318/v1/traces")),
        (
            {
                "OTEL_EXPORTER_OTLP_ENDPOINT": "http://c:4318",
                "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "https://d/x",
                "OTEL_EXPORTER_OTLP_HEADERS": "key=a%20b, other = 2,broken",
            },
            Collector("https://d/x", {"key": "a b", "other": "2"}),
        ),
    ],
)
def test_opentelemetrys_variables_name_the_collector(
    environment: dict[str, str], collector: Collector | None
) -> None:
    assert find_collector(environment) == collector


def test_an_address_that_is_none_is_refused() -> None:
    with pytest.raises(RecordError, match="'nonsense/v1/traces' in OTEL_EXPORTER_OTLP_ENDPOINT"):
        find_collector({"OTEL_EXPORTER_OTLP_ENDPOINT": "nonsense"})
