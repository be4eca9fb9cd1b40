"""A copy of the warm process from before its imports, which takes over if an import is fork-unsafe.

Nothing that a process has imported can be taken back. The copy is a fork, so it costs next to nothing and
has ipykernel and IPython imported already.
"""

import json
import os
import signal
import socket
from dataclasses import dataclass
from typing import NoReturn

from nightbook.execution.processes.parent_death import die_with_parent


@dataclass(frozen=True, slots=True)
class Standby:
    """The waiting copy, seen from the process that has forked it."""

    pid: int
    connection: socket.socket

    def dismiss(self) -> None:
        """End the copy: it is not needed."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        self.connection.close()

    def take_over(self, fork_unsafe: dict[str, str]) -> None:
        """Let the copy go on, which must not import these modules, for these reasons."""
        self.connection.sendall(json.dumps(fork_unsafe).encode() + b"\n")

    def wait(self) -> NoReturn:
        """Wait for the copy's end, as a shell, which needs less memory. The copy ends with this process."""
        os.dup2(self.connection.fileno(), 0)
        os.execv("/bin/sh", ["sh", "-c", "read -r _"])  # noqa: S606 our own command


def fork_standby() -> tuple[Standby | None, dict[str, str]]:
    """Fork a copy of this process; return it, and no fork-unsafe modules.

    In the copy, return when it takes over: None, and the fork-unsafe modules that are known.
    """
    ours, theirs = socket.socketpair()
    parent, child = os.getpid(), os.fork()
    if child:
        theirs.close()
        return Standby(child, ours), {}
    ours.close()
    die_with_parent(parent)
    line = theirs.makefile("rb").readline()
    if not line:
        os._exit(1)
    theirs.detach()  # open as long as this process lives: its end is how the parent sees ours
    return None, dict(json.loads(line))
