"""HTTP requests that are repeated when GitHub says that they may succeed later.

https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from nightbook.github.errors import GitHubError

_T = TypeVar("_T")
_LOG = logging.getLogger(__name__)
_TIMEOUT_S = (10, 60)  # to connect, and between two parts of an answer
_ATTEMPTS = 6
_MAX_WAIT_S = 15 * 60
_FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 403, 429, 500


class RetryableError(Exception):
    """A failure after which the same request may succeed.

    ``wait_s`` is the time that GitHub asks to wait, or None if it names none.
    """

    def __init__(self, cause: GitHubError, wait_s: float | None = None) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Clock:
    """The current time in seconds since the epoch, and a way to wait."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Transport:
    """Sends requests with fixed headers. May be used from several threads."""

    def __init__(self, headers: dict[str, str], clock: Clock) -> None:
        self._headers = headers
        self._clock = clock
        self._thread = threading.local()  # a session of requests is not safe to share between threads

    def retry(self, action: Callable[[], _T]) -> _T:
        """Return the result of the action, which runs again after each RetryableError.

        Raise GitHubError after the last attempt.
        """
        attempts = Retrying(
            retry=retry_if_exception_type(RetryableError),
            wait=_wait_s,
            stop=stop_after_attempt(_ATTEMPTS),
            sleep=self._clock.sleep,
            before_sleep=_log_wait,
            reraise=True,
        )
        try:
            return attempts(action)
        except RetryableError as error:
            raise error.cause from error

    def request(self, method: str, url: str, **options: Any) -> requests.Response:
        """Return a successful answer, or a redirection, which is not followed.

        Raise RetryableError or GitHubError for any other answer, and for none.
        """
        try:
            answer = self._session().request(
                method, url, timeout=_TIMEOUT_S, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            # Not the whole error: the URL of a file is signed, and whoever has it may read the file.
            host = urlsplit(url).hostname
            reason = f"{method} {host}: no answer ({type(error).__name__}); is there a network?"
            raise RetryableError(GitHubError(reason)) from None
        self._check(answer)
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._thread, "session"):
            session = requests.Session()
            session.headers.update(self._headers)
            session.auth = _unchanged  # or ~/.netrc would replace the token, and be sent to other hosts
            self._thread.session = session
        session_of_thread: requests.Session = self._thread.session
        return session_of_thread

    def _check(self, answer: requests.Response) -> None:
        status = answer.status_code
        if answer.ok:
            return
        error = GitHubError(f"{_request_line(answer)}: {_message(answer)}", status)
        wait_s = self._requested_wait_s(answer)
        if status in (_FORBIDDEN, _TOO_MANY) and wait_s is not None:
            if wait_s > _MAX_WAIT_S:
                raise GitHubError(f"{error}: try again in {wait_s / 60:.0f} minutes", status)
            raise RetryableError(error, wait_s)
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            raise RetryableError(error)
        raise error

    def _requested_wait_s(self, answer: requests.Response) -> float | None:
        """Return how long GitHub asks to wait, or None: ``retry-after``, or the end of the hour's limit."""
        after = answer.headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        reset = answer.headers.get("x-ratelimit-reset", "")
        if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(float(reset) - self._clock.now(), 0) + 1
        return None


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    requested = error.wait_s if isinstance(error, RetryableError) else None
    return float(2 ** (state.attempt_number - 1)) if requested is None else requested


def _log_wait(state: RetryCallState) -> None:
    error = state.outcome and state.outcome.exception()
    _LOG.warning("%s; trying again in %.0f s", error, _wait_s(state))


def _request_line(answer: requests.Response) -> str:
    url = urlsplit(answer.url)  # shown without its query, which may be a signature
    return f"{answer.request.method} {url.hostname}{url.path} ({answer.status_code})"


def _message(answer: requests.Response) -> str:
    try:
        return f"{answer.json()['message']!s:.300}"
    except (ValueError, KeyError, TypeError):
        return f"{answer.reason!s:.300}"
