"""The system's Chromium, and a server for the site; what the browser complains about is kept."""

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PHONE, WIDE = ViewportSize(width=390, height=844), ViewportSize(width=1400, height=900)
# Continuous integration has it: there, a missing browser is a failure.
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None and not os.environ.get("CI"), reason="needs Chromium: `apt-get install chromium`"
)


def launch(playwright: Playwright) -> Browser:
    """Start the system's Chromium without a window; `playwright install` would download another one."""
    return playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET.split())


@contextmanager
def served(folder: Path, base: str = "") -> Iterator[str]:
    """Serve the folder on this machine below the path ``base``; the context's value is its address."""

    class Handler(SimpleHTTPRequestHandler):
        def translate_path(self, path: str) -> str:
            return super().translate_path(path.removeprefix(base))

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{base}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class Watched:
    """A browser's page; ``complaints`` are its console's messages and its requests to other hosts."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self.complaints.append(f"console: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)

    def open(self, place: str) -> Page:
        self.page.goto(self.address + place)
        return self.page

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "about:")):
            self.complaints.append(f"request to {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status} {response.url}")
