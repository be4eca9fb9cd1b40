"""A kernel that is the warm process's child, as ``subprocess.Popen`` shows one's own."""

import os
import select
import signal
import socket
from contextlib import suppress

from nightbook.execution.warm_kernels.protocol import KernelRequest, receive_process

_FORK_TIMEOUT_S = 30


class ForkedProcess:
    """A kernel on the other end of a connection, with which it ends.

    It outlives the warm process, and from then on the connection, too: a kernel whose task was killed
    after that is left for the guardian.

    Its end is seen by a file descriptor of the process (`man 2 pidfd_open`), because only a parent
    could wait for it. How it ended is not known.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, request: KernelRequest) -> None:
        """Have the kernel forked; OSError if the warm process does not do so."""
        self._connection = connection
        self.returncode: int | None = None
        connection.settimeout(_FORK_TIMEOUT_S)
        connection.sendall(request.to_line())
        self.pid = receive_process(connection)
        self._descriptor = os.pidfd_open(self.pid)

    def wait_until_bound(self) -> None:
        """Wait for the kernel's sockets, or for its end."""
        _wait_for(None, self._connection.fileno(), self._descriptor)

    def poll(self) -> int | None:
        """Something else than None when the kernel has ended."""
        if self.returncode is None and _wait_for(0, self._descriptor):
            self.returncode = -signal.SIGKILL
        return self.returncode

    def wait(self) -> int:
        """Wait for the kernel's end."""
        while self.returncode is None:
            _wait_for(None, self._descriptor)
            self.poll()
        return self.returncode

    def send_signal(self, signum: int) -> None:
        """Signal the kernel's process, and never another that has got its id."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signum)

    def kill(self) -> None:
        """Kill the kernel's process."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel's process to end."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """End the connection: the warm process kills what is left of the kernel's process group."""
        self._connection.close()
        os.close(self._descriptor)


def _wait_for(timeout_ms: int | None, *descriptors: int) -> bool:
    """Wait until one of them can be read, or for so long; whether one can."""
    poll = select.poll()  # `select` itself fails at descriptors from 1024 on
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(timeout_ms))
