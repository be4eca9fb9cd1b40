"""What the warm process does for others: each connection gets a kernel, a fork of it.

Modules are imported one by one in between, first those that somebody waits for.
"""

import json
import os
import selectors
import signal
import socket
import struct
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from nightbook.execution.processes.shared_memory import share_with_forks
from nightbook.execution.warm_kernels.forked_kernel import become_kernel
from nightbook.execution.warm_kernels.preload import Warming
from nightbook.execution.warm_kernels.protocol import GREETING, KernelRequest, Preload

_CREDENTIALS = "3i"
_PATIENCE_S = 1.0


@dataclass(slots=True)
class Client:
    """One connection, for which notebook it is, and the kernel that was forked for it.

    Who was greeted is expected to ask for a kernel until then, in seconds of the monotonic clock.
    """

    connection: socket.socket
    notebook: str | None = None
    greeted: bool = False
    pid: int = 0
    received: bytes = b""
    expected_until: float = 0


@dataclass(slots=True)
class WarmServer:
    """Forks a kernel for each connection, and kills it when the connection ends.

    A kernel is not reaped before its connection has ended, so that no other process gets its id.
    ``environment`` is that of this process before any module changed it; ``coming_back`` is until when
    each of those is expected who have waited and closed their connections.
    """

    listener: socket.socket
    preload: Preload
    environment: Mapping[str, str]
    warming: Warming
    clients: list[Client]
    killed: set[int]
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    coming_back: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.selector.register(self.listener, selectors.EVENT_READ)
        for client in self.clients:
            self.selector.register(client.connection, selectors.EVENT_READ, client)

    def warm_up(self) -> None:
        """Serve until all has been imported, or a module that only a kernel may import."""
        while not (self.warming.done or self.warming.unfit):
            self._serve(self._patience_s())
            if self._patience_s() == 0:
                self.warming.import_one(self._awaited_module())

    def serve(self) -> NoReturn:
        """Serve until the process is killed."""
        self._greet()
        while True:
            self._serve(None)

    def _serve(self, timeout_s: float | None) -> None:
        for key, _ in self.selector.select(timeout_s):
            if key.data is None:
                self._accept()
            else:
                self._receive(key.data)
        self._greet()
        self._reap()

    def _patience_s(self) -> float:
        """How long nothing is imported: who has waited asks for a kernel soon, and is not to wait again."""
        now = time.monotonic()
        self.coming_back = [until for until in self.coming_back if until > now]
        asking = (client.expected_until for client in self.clients if not client.pid)
        return max([now, *self.coming_back, *asking]) - now

    def _awaited_module(self) -> str | None:
        """The first module that the first of those who wait does wait for."""
        waiting = (client.notebook for client in self.clients if not client.greeted)
        needed = (self._missing_for(notebook) for notebook in waiting if notebook is not None)
        return next((module for module in needed if module), None)

    def _missing_for(self, notebook: str) -> str | None:
        return self.warming.first_of(self.preload.needed_by(notebook))

    def _greet(self) -> None:
        for client in self.clients:
            if client.greeted or client.notebook is None or self._missing_for(client.notebook):
                continue
            client.greeted = True
            client.expected_until = time.monotonic() + _PATIENCE_S
            with suppress(OSError):  # the client is gone: the end of its connection is received next
                client.connection.sendall(GREETING)

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        if _user_of(connection) != os.geteuid():  # any user may connect: the address is no secret
            connection.close()
            return
        client = Client(connection)
        self.clients.append(client)
        self.selector.register(connection, selectors.EVENT_READ, client)

    def _receive(self, client: Client) -> None:
        try:
            data = client.connection.recv(1 << 20)
        except ConnectionResetError:  # the client was killed
            data = b""
        client.received += data
        if not data:
            self._close(client)
        elif client.received.endswith(b"\n"):
            line, client.received = client.received, b""
            if client.notebook is None:
                client.notebook = json.loads(line)
            elif not client.pid:
                self._fork(client, KernelRequest.from_line(line))

    def _fork(self, client: Client, request: KernelRequest) -> None:
        del self.coming_back[-1:]  # who was lost long ago is not waited for the longer
        modules = self.warming.module_names()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # what modules have said is no kernel's to say
        share_with_forks()
        try:
            client.pid = os.fork()
        except OSError:  # too many processes, or too little memory: for this kernel
            self._close(client)
            return
        if client.pid == 0:
            become_kernel(
                request,
                modules=modules,
                variables=self._variables_of_modules(),
                connection=client.connection.detach(),
            )

    def _variables_of_modules(self) -> dict[str, str]:
        """What modules have set in the environment as they were imported."""
        return {name: value for name, value in os.environ.items() if self.environment.get(name) != value}

    def _close(self, client: Client) -> None:
        self.clients.remove(client)
        self.selector.unregister(client.connection)
        client.connection.close()
        if client.pid:
            for kill in (os.kill, os.killpg):  # it may not have a session of its own yet
                with suppress(ProcessLookupError):
                    kill(client.pid, signal.SIGKILL)
            self.killed.add(client.pid)
        elif client.greeted:
            self.coming_back.append(client.expected_until)

    def _reap(self) -> None:
        """Reap those that have ended by now; the others' turn comes later."""
        self.killed = {pid for pid in self.killed if not os.waitpid(pid, os.WNOHANG)[0]}


def _user_of(connection: socket.socket) -> int:
    """The user of the process on the other end (`man 7 unix`, SO_PEERCRED: pid, uid and gid)."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(_CREDENTIALS))
    _, user, _ = struct.unpack(_CREDENTIALS, credentials)
    return int(user)
