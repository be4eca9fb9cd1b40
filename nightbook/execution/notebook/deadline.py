"""The time that a notebook may take, enforced on its kernel."""

import threading
from typing import Self

from jupyter_client.manager import AsyncKernelManager

from nightbook.execution.notebook.kernels import kill_kernel

_AGAIN_S = 0.1


class Deadline:
    """Kills the guarded kernel when the time is over; ``expired`` says that it has.

    A thread, because a kernel that floods its output keeps the event loop busy, and SIGKILL,
    because a notebook may ignore every other signal or hold the interpreter in one long call.
    """

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._kernel: AsyncKernelManager | None = None
        self._done = threading.Event()
        self._expired = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="deadline", daemon=True)

    @property
    def expired(self) -> bool:
        """Whether the time is over."""
        return self._expired.is_set()

    def guard(self, kernel: AsyncKernelManager) -> None:
        """Kill this kernel, in place of the one before, when the time is over."""
        self._kernel = kernel

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        if not self._done.wait(self.timeout_s):
            self._expired.set()
            self._kill()
            while not self._done.wait(_AGAIN_S):  # the kernel may just be starting
                self._kill()

    def _kill(self) -> None:
        if self._kernel is not None:
            kill_kernel(self._kernel)
