"""The time that a body may take, enforced by killing what executes it."""

import threading
import time
from collections.abc import Callable
from typing import Self

_RETRY_S = 0.1
_LONGEST_WAIT_S = 86_400.0  # a thread cannot wait for 300 years at once


class Deadline:
    """Kills what it guards when the time is over; ``expired`` says that it has. It may be infinite.

    A thread, because a kernel that floods its output keeps the event loop busy. What it calls should send
    SIGKILL, because a body may ignore every other signal or hold the interpreter in one long call.
    """

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._kill: Callable[[], None] | None = None
        self._done = threading.Event()
        self._expired = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)

    @property
    def expired(self) -> bool:
        """Return True once the time is over."""
        return self._expired.is_set()

    def guard(self, kill: Callable[[], None]) -> None:
        """Call ``kill``, in place of what was guarded before, when the time is over.

        It is called again and again until the context closes: what it kills may just be starting.
        """
        self._kill = kill

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        end_s = time.monotonic() + self.timeout_s
        while (left_s := end_s - time.monotonic()) > 0:
            if self._done.wait(min(left_s, _LONGEST_WAIT_S)):
                return
        self._expired.set()
        while True:
            if self._kill is not None:
                self._kill()
            if self._done.wait(_RETRY_S):
                return
