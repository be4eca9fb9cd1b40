"""A kernel that is the warm process's child, as ``subprocess.Popen`` shows one's own."""

import os
import select
import signal
import socket
from contextlib import suppress

from tasks.warm_kernels.protocol import KernelRequest, receive_process

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
        ready = select.poll()
        ready.register(self._connection, select.POLLIN)
        ready.register(self._descriptor, select.POLLIN)
        ready.poll()

    def poll(self) -> int | None:
        """Something else than None when the kernel has ended."""
        self._look(0)
        return self.returncode

    def wait(self) -> int:
        """Wait for the kernel's end."""
        self._look(None)
        return -signal.SIGKILL

    def _look(self, timeout_ms: int | None) -> None:
        ready = select.poll()
        ready.register(self._descriptor, select.POLLIN)
        if ready.poll(timeout_ms):
            self.returncode = -signal.SIGKILL

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
