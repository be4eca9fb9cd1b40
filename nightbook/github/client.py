"""One repository's part of GitHub's REST API: JSON page by page, and files to the disk.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from nightbook.github.errors import GitHubError, UntrustedError
from nightbook.github.transport import Clock, Exchange, TryAgainError

_AGENT = {"User-Agent": "nightbook"}
_JSON = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_PER_PAGE = 100
_CHUNK_BYTES = 1024 * 1024
_PARTIAL, _NO_SUCH_RANGE = 206, 416


class Client:
    """What this project asks of GitHub. Without a token only what is public, 60 times an hour."""

    def __init__(self, api_url: str, repository: str, token: str = "", clock: Clock | None = None) -> None:
        self._api_url = api_url.rstrip("/")
        self._root = f"{self._api_url}/repos/{repository}"
        authorization = {"Authorization": f"Bearer {token}"} if token else {}
        self._api = Exchange({**_AGENT, **_JSON, **authorization}, clock or Clock())
        self._files = Exchange(_AGENT, clock or Clock())  # the token goes to no other host than the API's

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON of ``/repos/OWNER/NAME`` + path."""
        return self._answer(self._root + path, parameters).json()

    def pages(self, path: str, key: str | None = None, **parameters: str | int) -> Iterator[Any]:
        """The items of all pages; ``key`` names their list if a page is an object."""
        answer = self._answer(self._root + path, {"per_page": _PER_PAGE, **parameters})
        while True:
            page = answer.json()
            yield from page if key is None else page[key]
            url = self._next_page(answer)
            if not url:
                return
            answer = self._answer(url, {})

    def send(self, method: str, path: str, body: Mapping[str, Any]) -> Any:
        """The JSON that answers a change; tried again only if GitHub says that it was not made."""

        def once() -> Any:
            try:
                return self._api.once(method, self._root + path, json=body).json()
            except TryAgainError as error:
                if error.wait_s is None:
                    raise error.cause from error
                raise

        return self._api.again(once)

    def download(self, path: str, target: Path, max_bytes: int) -> None:
        """Bring the file that ``path`` redirects to; a part of it from before is gone on with.

        GitHubError if there is none (its ``status`` is 410 if it has expired), UntrustedError if it is
        larger than ``max_bytes``.
        """
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.part")
        try:
            self._api.again(lambda: self._download(self._root + path, part, max_bytes))
        except UntrustedError:
            part.unlink()
            raise
        part.replace(target)

    def _answer(self, url: str, parameters: Mapping[str, str | int]) -> requests.Response:
        answer = self._api.again(lambda: self._api.once("GET", url, params=parameters))
        if answer.is_redirect:
            raise GitHubError(f"{self._root} has moved: use the repository's new name", answer.status_code)
        return answer

    def _download(self, url: str, part: Path, max_bytes: int) -> None:
        location = self._api.once("GET", url).headers.get("Location", "")
        if urlsplit(location).scheme != urlsplit(url).scheme:  # none, or less safe than the API itself
            raise GitHubError(f"GET {url} leads to no file")
        start = part.stat().st_size if part.is_file() else 0
        headers = {"Range": f"bytes={start}-"} if start else {}
        try:
            with self._files.once("GET", location, headers=headers, stream=True) as file:
                _write(file, part, max_bytes)
        except GitHubError as error:
            if error.status != _NO_SUCH_RANGE:
                raise
            part.unlink()  # it is no beginning of this file
            raise TryAgainError(error, 0) from error

    def _next_page(self, answer: requests.Response) -> str:
        url = answer.links.get("next", {}).get("url", "")
        if url and not url.startswith(f"{self._api_url}/"):
            raise GitHubError(f"{self._root}: its next page is on another host")
        return url


def _write(file: requests.Response, part: Path, max_bytes: int) -> None:
    """Write the answer's body. What breaks off before its announced length is gone on with at once."""
    with part.open("ab" if file.status_code == _PARTIAL else "wb") as target:
        try:
            for chunk in file.iter_content(_CHUNK_BYTES):
                if target.tell() + len(chunk) > max_bytes:
                    raise UntrustedError(f"{part.name} is larger than the {max_bytes:,} bytes allowed")
                target.write(chunk)
        except requests.RequestException:
            error = GitHubError(f"{part.name}: the connection broke after {target.tell():,} bytes")
            raise TryAgainError(error, 0) from None
