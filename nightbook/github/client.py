"""The part of GitHub's REST API that belongs to one repository: JSON, lists of many pages, and files.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from nightbook.github.errors import GitHubError, UntrustedError
from nightbook.github.transport import Clock, RetryableError, Transport

_AGENT = {"User-Agent": "nightbook"}
_JSON = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_PER_PAGE = 100
_CHUNK_BYTES = 1024 * 1024
_PARTIAL, _NO_SUCH_RANGE = 206, 416


class GitHubClient:
    """Requests about one repository.

    Without a token GitHub answers only about what is public, and at most 60 times an hour.
    """

    def __init__(self, api_url: str, repository: str, token: str = "", clock: Clock | None = None) -> None:
        self._api_url = api_url.rstrip("/")
        self._root = f"{self._api_url}/repos/{repository}"
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self._api = Transport({**_AGENT, **_JSON, **authorization}, clock or Clock())
        self._files = Transport(_AGENT, clock or Clock())  # the token goes to no host but the API's

    def get(self, path: str, **parameters: str | int) -> Any:
        """Return the JSON of ``/repos/OWNER/NAME`` + path."""
        return self._answer(self._root + path, parameters).json()

    def pages(self, path: str, key: str | None = None, **parameters: str | int) -> Iterator[Any]:
        """Yield the items of all pages. If a page is an object, ``key`` names the list in it."""
        answer = self._answer(self._root + path, {"per_page": _PER_PAGE, **parameters})
        while True:
            page = answer.json()
            yield from page if key is None else page[key]
            url = self._next_page(answer)
            if not url:
                return
            answer = self._answer(url, {})

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """Make a change and return the JSON of the answer.

        It is tried again only if GitHub says that nothing was changed.
        """

        def send_once() -> Any:
            try:
                return self._api.request(method, self._root + path, json=body).json()
            except RetryableError as error:
                if error.wait_s is None:
                    raise error.cause from error
                raise

        return self._api.retry(send_once)

    def download(self, path: str, target: Path, max_bytes: int) -> None:
        """Download the file that ``path`` redirects to. A partial download is continued.

        Raise GitHubError if there is no such file (its ``status`` is 410 if the file has expired), and
        UntrustedError if the file is larger than ``max_bytes``.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        try:
            self._api.retry(lambda: self._download(self._root + path, part, max_bytes))
        except UntrustedError:
            part.unlink()
            raise
        part.replace(target)

    def _answer(self, url: str, parameters: Mapping[str, str | int]) -> requests.Response:
        answer = self._api.retry(lambda: self._api.request("GET", url, params=parameters))
        if answer.is_redirect:
            raise GitHubError(f"{self._root} has moved: use the repository's new name", answer.status_code)
        return answer

    def _download(self, url: str, part: Path, max_bytes: int) -> None:
        location = self._api.request("GET", url).headers.get("Location", "")
        if urlsplit(location).scheme != urlsplit(url).scheme:  # missing, or less safe than the API itself
            raise GitHubError(f"GET {url} leads to no file")
        start = part.stat().st_size if part.is_file() else 0
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            with self._files.request("GET", location, headers=headers, stream=True) as answer:
                _write(answer, part, max_bytes)
        except GitHubError as error:
            if error.status != _NO_SUCH_RANGE:
                raise
            part.unlink()  # it is not the beginning of this file
            raise RetryableError(error, 0) from error

    def _next_page(self, answer: requests.Response) -> str:
        url = answer.links.get("next", {}).get("url", "")
        if url and not url.startswith(f"{self._api_url}/"):
            raise GitHubError(f"{self._root}: the next page is on another host")
        return url


def _write(answer: requests.Response, part: Path, max_bytes: int) -> None:
    """Write the body of the answer. Raise RetryableError if it ends before its announced length."""
    with part.open("ab" if answer.status_code == _PARTIAL else "wb") as target:
        try:
            for chunk in answer.iter_content(_CHUNK_BYTES):
                if target.tell() + len(chunk) > max_bytes:
                    raise UntrustedError(f"{part.name} is larger than the {max_bytes:,} bytes allowed")
                target.write(chunk)
        except requests.RequestException:
            error = GitHubError(f"{part.name}: the connection broke after {target.tell():,} bytes")
            raise RetryableError(error, 0) from None
