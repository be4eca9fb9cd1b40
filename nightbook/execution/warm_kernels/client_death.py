"""Ending a kernel together with its client, whoever else has ended before."""

import fcntl
import os
import select
import signal

from nightbook.execution.processes.parent_death import outlive_parent

_FIRST_DESCRIPTOR = 100  # above those that a notebook's code is used to find free


def die_with_client(connection: int) -> None:
    """Have the system kill this process's group when the client closes the connection, as when it dies.

    The parent of a kernel is the warm process, which need not outlive it, so its death says nothing any more.
    A socket with O_ASYNC raises the chosen signal when its other end is closed: no thread has to watch it.
    https://man7.org/linux/man-pages/man2/fcntl.2.html (F_SETSIG)
    """
    kept = fcntl.fcntl(connection, fcntl.F_DUPFD_CLOEXEC, _FIRST_DESCRIPTOR)
    os.close(connection)
    fcntl.fcntl(kept, fcntl.F_SETOWN, -os.getpgrp())
    fcntl.fcntl(kept, fcntl.F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(kept, fcntl.F_SETFL, fcntl.fcntl(kept, fcntl.F_GETFL) | os.O_ASYNC)
    poll = select.poll()
    poll.register(kept, select.POLLIN)
    if poll.poll(0):  # it was closed before
        os.killpg(os.getpgrp(), signal.SIGKILL)
    outlive_parent()
