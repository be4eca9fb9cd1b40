"""Several downloads at once, of which one may be refused without stopping the others."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from nightbook.github.errors import GitHubError, UntrustedError
from nightbook.github.trust import Decision, TrustLevel

_T = TypeVar("_T")
_DOWNLOADS = 8  # GitHub allows 100 requests at once
_FATAL = (0, 401)  # no network, or no valid token: no other request would be answered either


def run_in_parallel(
    action: Callable[[_T], Path | Decision], items: Sequence[_T]
) -> Iterator[tuple[_T, Path | Decision]]:
    """Yield each item with the result of the action, in order. A failed item has a refusal as its result.

    Raise GitHubError if GitHub cannot be reached, or does not accept the token.
    """

    def attempt(item: _T) -> Path | Decision:
        try:
            return action(item)
        except (UntrustedError, GitHubError) as error:
            if isinstance(error, GitHubError) and error.status in _FATAL:
                raise
            return Decision(TrustLevel.REFUSED, str(error))

    with ThreadPoolExecutor(_DOWNLOADS) as pool:
        try:
            yield from zip(items, pool.map(attempt, items), strict=True)
        finally:
            pool.shutdown(cancel_futures=True)
