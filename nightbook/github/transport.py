"""One request and its answer, and the same again when GitHub says that it may succeed later.

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
_TRIES = 6
_MAX_WAIT_S = 15 * 60
_FORBIDDEN, _TOO_MANY, _SERVER_ERROR = 403, 429, 500


class TryAgainError(Exception):
    """An answer after which the same request may succeed; ``wait_s`` is None if GitHub names no time."""

    def __init__(self, cause: GitHubError, wait_s: float | None = None) -> None:
        super().__init__(str(cause))
        self.cause = cause
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Clock:
    """The time in seconds since the epoch, and how to let it pass."""

    now: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


class Exchange:
    """Requests with certain headers, from any thread."""

    def __init__(self, headers: dict[str, str], clock: Clock) -> None:
        self._headers = headers
        self._clock = clock
        self._thread = threading.local()  # requests' sessions are not made for several threads

    def again(self, action: Callable[[], _T]) -> _T:
        """What the action returns, which is tried again after a TryAgainError; GitHubError in the end."""
        tries = Retrying(
            retry=retry_if_exception_type(TryAgainError),
            wait=_wait_s,
            stop=stop_after_attempt(_TRIES),
            sleep=self._clock.sleep,
            before_sleep=_log_wait,
            reraise=True,
        )
        try:
            return tries(action)
        except TryAgainError as error:
            raise error.cause from error

    def once(self, method: str, url: str, **options: Any) -> requests.Response:
        """A good answer, or a redirection that is not followed; TryAgainError or GitHubError else."""
        try:
            answer = self._session().request(
                method, url, timeout=_TIMEOUT_S, allow_redirects=False, **options
            )
        except requests.RequestException as error:
            # Not the whole error: the address of a file is signed, and who has it may read the file.
            host = urlsplit(url).hostname
            reason = f"{method} {host}: no answer ({type(error).__name__}); is there a network?"
            raise TryAgainError(GitHubError(reason)) from None
        self._check(answer)
        return answer

    def _session(self) -> requests.Session:
        if not hasattr(self._thread, "session"):
            session = requests.Session()
            session.headers.update(self._headers)
            session.auth = _as_it_is  # or ~/.netrc would take the token's place, and reach other hosts
            self._thread.session = session
        found: requests.Session = self._thread.session
        return found

    def _check(self, answer: requests.Response) -> None:
        status = answer.status_code
        if answer.ok:
            return
        error = GitHubError(f"{_named(answer)}: {_message(answer)}", status)
        wait_s = self._told_wait_s(answer)
        if status in (_FORBIDDEN, _TOO_MANY) and wait_s is not None:
            if wait_s > _MAX_WAIT_S:
                raise GitHubError(f"{error}: try again in {wait_s / 60:.0f} minutes", status)
            raise TryAgainError(error, wait_s)
        if status == _TOO_MANY or status >= _SERVER_ERROR:
            raise TryAgainError(error)
        raise error

    def _told_wait_s(self, answer: requests.Response) -> float | None:
        """How long GitHub asks to wait: ``retry-after``, else until the hour's requests are new again."""
        after = answer.headers.get("retry-after", "")
        if after.isdecimal():
            return float(after)
        reset = answer.headers.get("x-ratelimit-reset", "")
        if answer.headers.get("x-ratelimit-remaining") == "0" and reset.isdecimal():
            return max(float(reset) - self._clock.now(), 0) + 1
        return None


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _wait_s(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    told = error.wait_s if isinstance(error, TryAgainError) else None
    return float(2 ** (state.attempt_number - 1)) if told is None else told


def _log_wait(state: RetryCallState) -> None:
    _LOG.warning("%s; trying again in %.0f s", state.outcome and state.outcome.exception(), _wait_s(state))


def _named(answer: requests.Response) -> str:
    request = urlsplit(answer.url)  # without its query, which may be a signature
    return f"{answer.request.method} {request.hostname}{request.path} ({answer.status_code})"


def _message(answer: requests.Response) -> str:
    try:
        return f"{answer.json()['message']!s:.300}"
    except (ValueError, KeyError, TypeError):
        return f"{answer.reason!s:.300}"
