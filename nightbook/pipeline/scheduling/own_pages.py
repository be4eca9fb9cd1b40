"""In front of luigid: only its own pages and programs may ask it, and no other page in somebody's browser.

luigid has no password, and answers each GET, also one that pauses it. A page of the web could ask it through
the browser of somebody who can reach it, or by a name of the web that stands for this machine.
"""

import socket
from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Router
from tornado.web import Application, RequestHandler

_NAMES = ("localhost", "scheduler")  # the second is that of docker-compose.yml
_OWN_SITES = ("same-origin", "none")  # https://www.w3.org/TR/fetch-metadata/
_MEND = "name it in scheduler_hosts of luigi.cfg, section [nightbook], if it is yours"


class OwnPagesOnly(Router):
    """Hands the application the requests of its own pages and of programs, and refuses others with 403."""

    def __init__(self, application: Application, names: Iterable[str]) -> None:
        self._application = application
        self._names = {name.lower() for name in (*_NAMES, socket.gethostname(), socket.getfqdn(), *names)}

    def find_handler(self, request: HTTPServerRequest, **_: object) -> HTTPMessageDelegate | None:
        """Return what answers the request."""
        problem = self.problem(request)
        if problem:
            return self._application.get_handler_delegate(request, _Refusal, {"problem": problem})
        return self._application.find_handler(request)

    def problem(self, request: HTTPServerRequest) -> str:
        """Return why the request is refused, or an empty text. Programs send no origin and no site."""
        host = request.headers.get("Host", "")
        name = _hostname(f"//{host}")
        if not (name in self._names or _is_address(name)):
            return f"the scheduler is not called {name[:100]!r}: {_MEND}"
        origin = request.headers.get("Origin")
        is_foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
        site = request.headers.get("Sec-Fetch-Site", "none")
        if is_foreign or (request.path.startswith("/api/") and site not in _OWN_SITES):
            return "the scheduler answers no page of another site"
        return ""


class _Refusal(RequestHandler):
    """Says why a request is refused."""

    def initialize(self, problem: str) -> None:
        """Take the reason."""
        self._problem = problem

    def prepare(self) -> None:
        """Answer each method alike."""
        self.set_status(403)
        self.set_header("Content-Type", "text/plain; charset=utf-8")
        self.finish(f"{self._problem}\n")


def _hostname(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    """Return whether the name is an address: no name of the web that could stand for another one."""
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
