"""The process on the other end of a connection: whose it is, and whether it is stopped."""

import os
import select
import socket
import struct
import time
from contextlib import suppress
from pathlib import Path

_CREDENTIALS = "3i"
# By a signal, by a debugger: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
_STOPPED = ("T", "t")
_LOOK_S = 0.2


class StoppedError(OSError):
    """A process that somebody has stopped, and that may never go on."""


def peer_user(connection: socket.socket) -> int:
    """Return the user of the process on the other end."""
    return _credentials(connection)[1]


def wait_for_answer(connection: socket.socket, timeout_s: float) -> None:
    """Return when there is something to read from a server, or its end.

    Raise StoppedError once the server is stopped, as by a debugger, TimeoutError after ``timeout_s``.
    """
    end_s = time.monotonic() + timeout_s
    poll = select.poll()
    poll.register(connection, select.POLLIN)
    while not poll.poll(_LOOK_S * 1000):
        if _is_stopped(connection):
            raise StoppedError("the warm process is stopped")
        if time.monotonic() > end_s:
            raise TimeoutError("the warm process does not answer")


def _is_stopped(connection: socket.socket) -> bool:
    """Return True if the process that listens at the other end, since this was connected, is stopped."""
    pid, _ = _credentials(connection)
    with suppress(OSError):
        state = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()[0]
        return pid != os.getpid() and state in _STOPPED
    return False


def _credentials(connection: socket.socket) -> tuple[int, int]:
    """Return the process id and the user (`man 7 unix`, SO_PEERCRED: pid, uid and gid).

    Those of a server are from its last call of ``listen``.
    """
    size = struct.calcsize(_CREDENTIALS)
    found = struct.unpack(_CREDENTIALS, connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return int(found[0]), int(found[1])
