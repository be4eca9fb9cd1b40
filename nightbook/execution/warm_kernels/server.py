"""The warm process's service: it forks a kernel for each connection that asks for one."""

import os
import selectors
import signal
import socket
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from nightbook.execution.processes.ending import flush_c_streams
from nightbook.execution.processes.shared_memory import share_with_forks
from nightbook.execution.warm_kernels.forked_kernel import become_kernel
from nightbook.execution.warm_kernels.peer import peer_user
from nightbook.execution.warm_kernels.protocol import (
    BACKLOG,
    WARM,
    KernelRequest,
    Preload,
    WaitRequest,
    parse_request,
)

_NUM_STREAMS = 2
_MAX_BYTES = 1 << 20


@dataclass(slots=True)
class Client:
    """One connection: the part of its request received so far, and what has become of the request.

    ``notebook`` is the one for whose imports it waits, or None. ``streams`` are the descriptors of its
    kernel's standard output and error, and ``pid`` is the kernel's process id.
    """

    connection: socket.socket
    received: bytes = b""
    notebook: str | None = None
    streams: list[int] = field(default_factory=list)
    pid: int = 0


@dataclass(slots=True)
class WarmServer:
    """Forks a kernel for each connection that asks for one, and kills it when the connection ends.

    A kernel is not reaped before its connection has ended, so that no other process gets its id.
    ``environment`` is that of this process before any module changed it.
    """

    listener: socket.socket
    preload: Preload
    environment: Mapping[str, str]
    imported: set[str] = field(default_factory=set)
    module_names: frozenset[str] = frozenset()
    clients: list[Client] = field(default_factory=list)
    killed: set[int] = field(default_factory=set)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __post_init__(self) -> None:
        self.listener.listen(BACKLOG)  # again, so that clients are told the id of this process
        self.selector.register(self.listener, selectors.EVENT_READ)

    def warm_up(self, imports: Iterable[str]) -> None:
        """Consume the imports; before each, serve the clients that need no more than is imported."""
        self._serve_pending()
        for module in imports:
            self.imported.add(module)
            self._serve_pending()

    def serve(self) -> NoReturn:
        """Serve until the process is killed."""
        self._answer_waiting()
        while True:
            self._serve(timeout_s=None)

    def finish(self) -> None:
        """Leave new and waiting clients to another process; return when this one's kernels have ended."""
        self.selector.unregister(self.listener)
        self.listener.close()
        for client in [client for client in self.clients if not client.pid]:
            self._close(client)  # it connects again
        while self.clients:
            self._serve(timeout_s=None)
        for pid in self.killed:
            os.waitpid(pid, 0)

    def _serve_pending(self) -> None:
        while self._serve(timeout_s=0):
            pass

    def _serve(self, timeout_s: float | None) -> bool:
        """Serve the clients that have sent something; return False if none has within the time."""
        events = self.selector.select(timeout_s)
        for key, _ in events:
            if key.data is None:
                self._accept()
            else:
                self._receive(key.data)
        self._answer_waiting()
        self._reap()
        return bool(events)

    def _answer_waiting(self) -> None:
        for client in self.clients:
            if client.notebook is not None and self._is_warm_for(client.notebook):
                client.notebook = None
                with suppress(OSError):  # the client is gone: the end of its connection is received next
                    client.connection.sendall(WARM)

    def _is_warm_for(self, notebook: str) -> bool:
        return self.imported.issuperset(self.preload.needed_by(notebook))

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        if peer_user(connection) != os.geteuid():  # any user can connect to an abstract socket
            connection.close()
            return
        client = Client(connection)
        self.clients.append(client)
        self.selector.register(connection, selectors.EVENT_READ, client)

    def _receive(self, client: Client) -> None:
        try:
            data, streams, _, _ = socket.recv_fds(client.connection, _MAX_BYTES, _NUM_STREAMS)
        except ConnectionResetError:  # the client was killed
            data, streams = b"", []
        client.received += data
        client.streams += streams
        if not data:
            self._close(client)
        elif client.received.endswith(b"\n") and not client.pid:
            request, client.received = parse_request(client.received), b""
            if isinstance(request, WaitRequest):
                client.notebook = request.notebook
            else:
                self._fork(client, request)

    def _fork(self, client: Client, request: KernelRequest) -> None:
        if len(self.module_names) != len(sys.modules):  # else the same object, which forks share
            self.module_names = frozenset(sys.modules)
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # what modules have printed does not belong to a kernel
        flush_c_streams()
        share_with_forks()
        parent = os.getpid()
        try:
            client.pid = os.fork()
        except OSError:  # too many processes, or too little memory
            self._close(client)
            return
        if client.pid == 0:
            become_kernel(
                request,
                parent=parent,
                modules=self.module_names,
                variables=self._variables_of_modules(),
                connection=client.connection.detach(),
                streams=client.streams,
            )
        _close_streams(client)

    def _variables_of_modules(self) -> dict[str, str]:
        """Return the variables that were set after the start: by modules and by ``preload``."""
        return {name: value for name, value in os.environ.items() if self.environment.get(name) != value}

    def _close(self, client: Client) -> None:
        self.clients.remove(client)
        self.selector.unregister(client.connection)
        client.connection.close()
        _close_streams(client)
        if client.pid:
            for kill in (os.kill, os.killpg):  # it may not have a session of its own yet
                with suppress(ProcessLookupError):
                    kill(client.pid, signal.SIGKILL)
            self.killed.add(client.pid)

    def _reap(self) -> None:
        """Reap the killed kernels that have ended by now; the others are reaped later."""
        self.killed = {pid for pid in self.killed if not os.waitpid(pid, os.WNOHANG)[0]}


def _close_streams(client: Client) -> None:
    for stream in client.streams:
        os.close(stream)
    client.streams = []
