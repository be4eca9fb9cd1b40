"""A kernel that is a child of the warm process, with the interface of ``subprocess.Popen``."""

import os
import select
import signal
import socket
from collections.abc import Sequence
from contextlib import suppress

from nightbook.execution.warm_kernels.peer import wait_for_answer
from nightbook.execution.warm_kernels.protocol import KernelRequest, receive_process

_FORK_TIMEOUT_S = 30


class ForkedProcess:
    """A kernel that was asked for over a connection, and is killed when the connection ends.

    It survives the warm process, and not the end of the connection: what is left of its process group is then
    killed by the warm process, or by the reaper at the end of the run.

    Its end is seen by a file descriptor of the process (`man 2 pidfd_open`), because only a parent could
    wait for it. Its exit code is not known.
    """

    stdin = stdout = stderr = None

    def __init__(self, connection: socket.socket, request: KernelRequest, streams: Sequence[int]) -> None:
        """Have the kernel forked, with these standard streams; raise OSError if that fails."""
        self._connection = connection
        self.returncode: int | None = None
        connection.settimeout(_FORK_TIMEOUT_S)
        line = request.to_line()
        sent = socket.send_fds(connection, [line], list(streams))
        connection.sendall(line[sent:])
        wait_for_answer(connection, _FORK_TIMEOUT_S)
        self.pid = receive_process(connection)
        self._descriptor = os.pidfd_open(self.pid)

    def wait_until_bound(self) -> None:
        """Wait until the kernel's sockets are bound or the kernel has ended."""
        _wait_for(None, self._connection.fileno(), self._descriptor)

    def poll(self) -> int | None:
        """Return None while the kernel runs, and a number when it has ended."""
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
        """Send the kernel's process a signal; never another process that has got the same id since."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._descriptor, signum)

    def kill(self) -> None:
        """Kill the kernel's process."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Terminate the kernel's process."""
        self.send_signal(signal.SIGTERM)

    def close(self) -> None:
        """Close the connection: the warm process kills what is left of the kernel's process group."""
        self._connection.close()
        os.close(self._descriptor)


def _wait_for(timeout_ms: int | None, *descriptors: int) -> bool:
    """Wait until a descriptor can be read; return False if none can within the time."""
    poll = select.poll()  # `select` itself fails for descriptors from 1024 on
    for descriptor in descriptors:
        poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(timeout_ms))
