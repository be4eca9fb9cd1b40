"""How the warm process becomes a new one: with other variables, or without a module that is not for it."""

import json
import os
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from nightbook.execution.warm_kernels.protocol import Preload
from nightbook.execution.warm_kernels.server import Client


@dataclass(frozen=True, slots=True)
class Start:
    """How this process was started."""

    listener: socket.socket
    parent: int
    folder: Path
    environment: Mapping[str, str]

    def again(self, preload: Preload, heritage: "Heritage") -> NoReturn:
        """Become a new warm process: nothing that a process has read or imported can be taken back.

        Kernels that were forked before go on, and those who wait still do.
        """
        text = os.memfd_create("preload")
        os.write(text, preload.to_line())
        os.lseek(text, 0, os.SEEK_SET)
        os.dup2(text, 0)
        for kept in (self.listener, *(client.connection for client in heritage.clients)):
            kept.set_inheritable(True)
        os.chdir(self.folder)  # from where our own modules are imported
        arguments = [str(self.listener.fileno()), str(self.parent), heritage.to_argument()]
        command = [sys.executable, "-m", "nightbook.execution.warm_kernels", *arguments]
        os.execve(sys.executable, command, self.environment)  # noqa: S606 ourselves


@dataclass(frozen=True, slots=True)
class Heritage:
    """What the process that was here before had: its clients, and the kernels that it has killed."""

    clients: list[Client] = field(default_factory=list)
    killed: set[int] = field(default_factory=set)

    def to_argument(self) -> str:
        """An argument of the command."""
        clients = [
            (c.connection.fileno(), c.notebook, c.greeted, c.pid, c.received.decode()) for c in self.clients
        ]
        return json.dumps([clients, list(self.killed)])

    @classmethod
    def from_argument(cls, argument: str) -> "Heritage":
        """What the argument told."""
        clients, killed = json.loads(argument)
        heritage = cls(killed=set(killed))
        for descriptor, notebook, greeted, pid, received in clients:
            connection = socket.socket(fileno=descriptor)
            connection.set_inheritable(False)
            heritage.clients.append(Client(connection, notebook, greeted, pid, received.encode()))
        return heritage
