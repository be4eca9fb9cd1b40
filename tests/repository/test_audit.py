"""`make audit` asks for each locked package, and `make sbom` lists each."""

import json
import re
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import REPOSITORY
from tools.debian_components import component, with_components

VENV = Path(sys.prefix)
CHANGED = "2026-01-01T00:00:00Z"
ADVISORY = {"id": "PYSEC-1", "summary": "Anybody may read it", "modified": CHANGED, "published": CHANGED}


class Osv(ThreadingHTTPServer):
    """A service with OSV's interface, which knows one vulnerability: https://google.github.io/osv.dev/api/."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.vulnerable = ""
        self.asked: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Answer(BaseHTTPRequestHandler):
    server: Osv

    def do_POST(self) -> None:
        names = [
            query["package"]["name"]
            for query in json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
        ]
        self.server.asked.update(names)
        found = {"vulns": [{"id": ADVISORY["id"], "modified": CHANGED}]}
        self.reply({"results": [found if name == self.server.vulnerable else {} for name in names]})

    def do_GET(self) -> None:
        self.reply({**ADVISORY, "affected": []})

    def reply(self, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def osv() -> Iterator[Osv]:
    with Osv() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def audit(url: str) -> subprocess.CompletedProcess[str]:
    """Call make with this environment's uv."""
    return subprocess.run(
        ["make", f"VENV={VENV}", f"--assume-old={VENV}/bin/uv", "audit", f"OSV={url}"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


def locked() -> dict[str, str]:
    """The packages of the lock file that come from elsewhere, and their versions."""
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text(encoding="utf-8"))
    return {
        package["name"]: package["version"] for package in lock["package"] if "registry" in package["source"]
    }


@pytest.mark.promise("A known vulnerability of any locked package is told every night.")
def test_a_known_vulnerability_of_a_locked_package_is_told(osv: Osv) -> None:
    osv.vulnerable = "luigi"

    done = audit(osv.url)

    assert done.returncode == 2
    assert "PYSEC-1: Anybody may read it" in done.stdout
    assert osv.asked == set(locked())


def test_without_a_known_vulnerability_it_passes(osv: Osv) -> None:
    assert audit(osv.url).returncode == 0


def test_an_audit_without_an_answer_is_no_success(osv: Osv) -> None:
    osv.server_close()

    done = audit(osv.url)

    assert done.returncode == 2
    assert "error: Request failed" in done.stderr


def test_the_list_of_the_image_has_each_package_of_the_pipeline() -> None:
    """As `make sbom` writes it, with what `dpkg-query` says in an image."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    export = re.search(r"^CYCLONEDX = \$\(UV\) (.*)$", makefile, re.MULTILINE)
    assert export
    uv = Path(sys.executable).with_name("uv")
    written = subprocess.run(
        [uv, *export[1].split()], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )

    listed = json.loads(with_components(written.stdout, [component("libc6\t2.36-9+deb12u13\tamd64")]))

    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.5")
    *python, debian = listed["components"]
    versions = {each["name"]: each["version"] for each in python if "purl" in each}
    assert {"luigi", "numpy", "onnxruntime"} <= versions.keys()
    assert versions.items() <= locked().items()
    assert debian["purl"] == "pkg:deb/debian/libc6@2.36-9%2Bdeb12u13?arch=amd64"
    assert len({each["bom-ref"] for each in listed["components"]}) == len(listed["components"])
