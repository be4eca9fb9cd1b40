"""GitHub on this machine: a real HTTP server for the API, and another one for the files.

The API redirects to the files, which are on another origin. Like GitHub's storage, that origin refuses a
request with the ``Authorization`` of the API.
"""

import hashlib
import io
import json
import re
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlencode, urlsplit

TOKEN = "ghs_secret"
REPOSITORY = "octo/nightly"
REPOSITORY_ID, FORK_ID = 1000, 2000
SHA = "ab" * 20


@dataclass
class FakeGitHub:
    """The answers of the servers, which tests may change."""

    artifacts: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[tuple[int, int], dict[str, Any]] = field(default_factory=dict)
    pulls: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    files: dict[int, bytes] = field(default_factory=dict)
    settings: dict[str, tuple[int, Any]] = field(default_factory=dict)  # answers to other paths
    refusals: list[tuple[int, dict[str, str]]] = field(default_factory=list)  # for the next requests
    breaks_after: dict[int, int] = field(default_factory=dict)  # bytes, once for each artifact
    requests: Counter[str] = field(default_factory=Counter)
    ranges: list[str] = field(default_factory=list)
    api_url: str = ""
    files_url: str = ""

    def add_artifact(
        self,
        content: bytes,
        *,
        run_id: int,
        attempt: int = 1,
        branch: str = "main",
        event: str = "schedule",
        workflow: str = ".github/workflows/nightly.yml",
        conclusion: str | None = "success",
        fork: bool = False,
        **changes: Any,
    ) -> int:
        """Add an artifact and the workflow run that made it. Return the artifact's id."""
        artifact_id = 50_000 + len(self.artifacts)
        head_id = FORK_ID if fork else REPOSITORY_ID
        source_run = {
            "id": run_id,
            "repository_id": REPOSITORY_ID,
            "head_repository_id": head_id,
            "head_branch": branch,
            "head_sha": SHA,
        }
        self.files[artifact_id] = content
        artifact = {
            "id": artifact_id,
            "name": f"run-record-{run_id}-{attempt}",
            "size_in_bytes": len(content),
            "digest": f"sha256:{hashlib.sha256(content).hexdigest()}",
            "expired": False,
            "workflow_run": source_run,
        }
        self.artifacts.insert(0, artifact | changes)  # GitHub lists the newest first
        self.runs[run_id, attempt] = {
            "id": run_id,
            "run_attempt": attempt,
            "path": workflow,
            "event": event,
            "status": "completed" if conclusion else "in_progress",
            "conclusion": conclusion,
            "repository": {"id": REPOSITORY_ID},
            "head_repository": {
                "id": head_id,
                "full_name": "mallory/nightly" if fork else REPOSITORY,
                "owner": {"login": "mallory" if fork else "octo"},
            },
            "head_branch": branch,
            "head_sha": SHA,
            "actor": {"login": "mallory" if fork else "octocat"},
            "html_url": f"https://github.com/{REPOSITORY}/actions/runs/{run_id}",
        }
        return artifact_id

    def add_pull(self, number: int, branch: str, *, fork: bool = False, sha: str = SHA) -> None:
        """Add an open pull request."""
        owner, repository = ("mallory", FORK_ID) if fork else ("octo", REPOSITORY_ID)
        head = {"label": f"{owner}:{branch}", "sha": sha, "repo": {"id": repository}}
        self.pulls.insert(0, {"number": number, "state": "open", "head": head})

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, Any]:
        """Return the status and the JSON for a GET; a list is sent page by page."""
        if path == "/actions/artifacts":
            return 200, ("artifacts", self.artifacts)
        if found := re.fullmatch(r"/actions/runs/(\d+)/artifacts", path):
            sources = [(a, a["workflow_run"]) for a in self.artifacts]
            return 200, ("artifacts", [a for a, run in sources if run and run["id"] == int(found[1])])
        if found := re.fullmatch(r"/actions/runs/(\d+)/attempts/(\d+)", path):
            run = self.runs.get((int(found[1]), int(found[2])))
            return (200, run) if run else (404, {"message": "Not Found"})
        if path == "/pulls":
            state, head = query.get("state", "open"), query.get("head")
            pulls = [
                p for p in self.pulls if state in ("all", p["state"]) and head in (None, p["head"]["label"])
            ]
            return 200, (None, pulls)
        if re.fullmatch(r"/issues/\d+/comments", path):
            return 200, (None, self.comments)
        return self.settings.get(path, (404, {"message": "Not Found"}))


class _Api(BaseHTTPRequestHandler):
    """The API's origin."""

    github: ClassVar[FakeGitHub]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        path = url.path.removeprefix(f"/repos/{REPOSITORY}")
        self.github.requests[path] += 1
        if not self._is_allowed():
            return
        if found := re.fullmatch(r"/actions/artifacts/(\d+)/zip", path):
            self._redirect(int(found[1]))
            return
        status, body = self.github.answer(path, query)
        headers = {}
        if isinstance(body, tuple):
            key, items = body
            number, size = int(query.get("page", 1)), int(query.get("per_page", 30))
            page = items[(number - 1) * size : number * size]
            body = page if key is None else {"total_count": len(items), key: page}
            if number * size < len(items):
                after = urlencode({**query, "page": number + 1})
                headers["Link"] = f'<{self.github.api_url}{url.path}?{after}>; rel="next"'
        self._reply(status, body, headers)

    def do_POST(self) -> None:
        self._change()

    def do_PATCH(self) -> None:
        self._change()

    def _change(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        path = self.path.removeprefix(f"/repos/{REPOSITORY}")
        self.github.requests[f"{self.command} {path}"] += 1
        if not self._is_allowed():
            return
        if self.command == "POST":
            bot = {"login": "github-actions[bot]", "type": "Bot"}
            self.github.comments.append({"id": 700 + len(self.github.comments), "user": bot, **body})
            self._reply(201, self.github.comments[-1])
            return
        (comment,) = (c for c in self.github.comments if path.endswith(f"/{c['id']}"))
        comment.update(body)
        self._reply(200, comment)

    def _is_allowed(self) -> bool:
        if self.headers.get("Authorization") not in (None, f"Bearer {TOKEN}"):
            self._reply(401, {"message": "Bad credentials"})
            return False
        if self.github.refusals:
            status, headers = self.github.refusals.pop(0)
            self._reply(status, {"message": "You have exceeded a secondary rate limit"}, headers)
            return False
        return True

    def _redirect(self, artifact_id: int) -> None:
        artifact = next((a for a in self.github.artifacts if a["id"] == artifact_id), None)
        if "Authorization" not in self.headers:
            self._reply(401, {"message": "Requires authentication"})
        elif artifact is None:
            self._reply(404, {"message": "Not Found"})
        elif artifact["expired"]:
            self._reply(410, {"message": "Artifact has expired"})
        else:
            self._reply(302, None, {"Location": f"{self.github.files_url}/{artifact_id}.zip?sig=secret"})

    def _reply(self, status: int, body: Any, headers: Mapping[str, str] | None = None) -> None:
        content = json.dumps(body).encode() if body is not None else b""
        self.send_response(status)
        for name, value in {**(headers or {}), "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: object) -> None:
        """Tests are silent."""


class _Files(BaseHTTPRequestHandler):
    """The storage's origin."""

    github: ClassVar[FakeGitHub]

    def do_GET(self) -> None:
        if "Authorization" in self.headers or "sig=secret" not in self.path:
            self.send_error(HTTPStatus.FORBIDDEN, "AuthenticationFailed")
            return
        artifact_id = int(re.findall(r"/(\d+)\.zip", self.path)[0])
        content, start = self.github.files[artifact_id], 0
        if asked := self.headers.get("Range"):
            self.github.ranges.append(asked)
            start = int(re.findall(r"bytes=(\d+)-", asked)[0])
            if start >= len(content):
                self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        end = self.github.breaks_after.pop(artifact_id, len(content))
        self.wfile.write(content[start:end])

    def log_message(self, *_arguments: object) -> None:
        """Tests are silent."""


@contextmanager
def serve(github: FakeGitHub) -> Iterator[FakeGitHub]:
    """Serve both origins while the context is open."""
    servers = []
    for handler in (_Api, _Files):
        bound = type(handler.__name__, (handler,), {"github": github})
        servers.append(ThreadingHTTPServer(("127.0.0.1", 0), bound))
    github.api_url = f"http://127.0.0.1:{servers[0].server_port}"
    github.files_url = f"http://localhost:{servers[1].server_port}"
    threads = [threading.Thread(target=server.serve_forever, args=[0.02], daemon=True) for server in servers]
    for thread in threads:
        thread.start()
    try:
        yield github
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def zip_of(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def zip_of_record(record: Path, *, without: tuple[str, ...] = ()) -> bytes:
    """Return a record as the zip file of its artifact."""
    files = sorted(file for file in record.rglob("*") if file.is_file())
    relative = {file: file.relative_to(record.parent).as_posix() for file in files}
    return zip_of({name: file.read_bytes() for file, name in relative.items() if not name.endswith(without)})
