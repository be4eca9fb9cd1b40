"""The warm process's service: it forks a kernel for each connection that asks for one."""

import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NoReturn

from nightbook.execution.processes.shared_memory import share_with_forks
from nightbook.execution.warm_kernels.forked_kernel import become_kernel
from nightbook.execution.warm_kernels.protocol import WARM, KernelRequest

_CREDENTIALS = "3i"
_NUM_STREAMS = 2
_MAX_BYTES = 1 << 20


@dataclass(slots=True)
class Client:
    """One connection: the part of its request received so far, and the process id of its kernel.

    ``streams`` are the descriptors of the kernel's standard output and error.
    """

    connection: socket.socket
    received: bytes = b""
    streams: list[int] = field(default_factory=list)
    pid: int = 0


@dataclass(slots=True)
class WarmServer:
    """Forks a kernel for each connection that asks for one, and kills it when the connection ends.

    A kernel is not reaped before its connection has ended, so that no other process gets its id.
    ``variables`` have been set in the environment by modules while they were imported; ``modules`` are the
    names of all that have been imported.
    """

    listener: socket.socket
    variables: Mapping[str, str]
    modules: frozenset[str] = field(default_factory=lambda: frozenset(sys.modules))
    killed: set[int] = field(default_factory=set)
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)

    def __post_init__(self) -> None:
        self.selector.register(self.listener, selectors.EVENT_READ)

    def serve(self) -> NoReturn:
        """Serve until the process is killed."""
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    self._accept()
                else:
                    self._receive(key.data)
            self._reap()

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        if _user_of(connection) != os.geteuid():  # any user can connect to an abstract socket
            connection.close()
            return
        self.selector.register(connection, selectors.EVENT_READ, Client(connection))
        with suppress(OSError):  # the client is gone: the end of its connection is received next
            connection.sendall(WARM)

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
            self._fork(client, KernelRequest.from_line(client.received))

    def _fork(self, client: Client, request: KernelRequest) -> None:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # what modules have printed does not belong to a kernel
        share_with_forks()
        try:
            client.pid = os.fork()
        except OSError:  # too many processes, or too little memory
            self._close(client)
            return
        if client.pid == 0:
            become_kernel(
                request,
                modules=self.modules,
                variables=self.variables,
                connection=client.connection.detach(),
                streams=client.streams,
            )
        _close_streams(client)

    def _close(self, client: Client) -> None:
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


def _user_of(connection: socket.socket) -> int:
    """Return the user of the process on the other end (`man 7 unix`, SO_PEERCRED: pid, uid and gid)."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(_CREDENTIALS))
    _, user, _ = struct.unpack(_CREDENTIALS, credentials)
    return int(user)
