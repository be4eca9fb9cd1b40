"""The warm process: it has imported what notebooks import, and every kernel is a fork of it.

``python -m tasks.warm_kernels.server DESCRIPTOR PARENT``: the socket on which it listens, the process
with which it ends. One line on standard input says what to import. It runs no thread and opens no
session, so that a fork of it is as good as a fresh process.
"""

import gc
import os
import selectors
import signal
import socket
import struct
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import NoReturn

from tasks.parent_death import die_with_parent
from tasks.warm_kernels.forked_kernel import become_kernel
from tasks.warm_kernels.preload import KERNEL_MODULES, import_modules
from tasks.warm_kernels.protocol import (
    GREETING,
    WARMING_TIMEOUT_S,
    KernelRequest,
    Preload,
    server_command,
)

_CREDENTIALS = "3i"


@dataclass(slots=True)
class _Client:
    """One connection, and the kernel that was forked for it."""

    connection: socket.socket
    received: bytes = b""
    pid: int = 0


@dataclass(slots=True)
class WarmServer:
    """Forks a kernel for each connection, and kills it when the connection ends.

    A kernel is not reaped before its connection has ended, so that no other process gets its id.
    """

    listener: socket.socket
    variables: Mapping[str, str]
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    killed: set[int] = field(default_factory=set)

    def serve(self) -> None:
        """Serve until the process is killed."""
        self.selector.register(self.listener, selectors.EVENT_READ)
        while True:
            for key, _ in self.selector.select():
                if key.data is None:
                    self._accept()
                else:
                    self._receive(key.data)
            self._reap()

    def _accept(self) -> None:
        connection, _ = self.listener.accept()
        if _user_of(connection) != os.geteuid():  # any user may connect: the address is no secret
            connection.close()
            return
        client = _Client(connection)
        self.selector.register(connection, selectors.EVENT_READ, client)
        with suppress(OSError):  # the client is gone: the end of its connection is received next
            connection.sendall(GREETING)

    def _receive(self, client: _Client) -> None:
        try:
            data = client.connection.recv(1 << 20)
        except ConnectionResetError:  # the client was killed
            data = b""
        client.received += data
        if not data:
            self._close(client)
        elif not client.pid and client.received.endswith(b"\n"):
            self._fork(client)

    def _fork(self, client: _Client) -> None:
        request = KernelRequest.from_line(client.received)
        client.received = b""
        client.pid = os.fork()
        if client.pid == 0:
            become_kernel(request, self.variables, client.connection.detach())

    def _close(self, client: _Client) -> None:
        self.selector.unregister(client.connection)
        client.connection.close()
        if client.pid:
            for kill in (os.kill, os.killpg):  # it may not have a session of its own yet
                with suppress(ProcessLookupError):
                    kill(client.pid, signal.SIGKILL)
            self.killed.add(client.pid)

    def _reap(self) -> None:
        """Reap those that have ended by now; the others' turn comes later."""
        self.killed -= {pid for pid in self.killed if os.waitpid(pid, os.WNOHANG)[0]}


def _user_of(connection: socket.socket) -> int:
    """The user of the process on the other end (`man 7 unix`, SO_PEERCRED: pid, uid and gid)."""
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize(_CREDENTIALS))
    _, user, _ = struct.unpack(_CREDENTIALS, credentials)
    return int(user)


def main(listener: socket.socket, parent: int) -> None:
    """Import what is asked for, then serve; who has connected by then has waited."""
    die_with_parent(parent)
    del sys.path[0]  # the folder of whoever started us: a kernel has its own in its place
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    signal.alarm(WARMING_TIMEOUT_S)  # end rather than let all kernels wait for an import that hangs
    gc.disable()  # importing leaves next to no garbage, and to look for it takes a sixth of the time
    before = dict(os.environ)
    with _silence() as messages:
        unfit = import_modules(KERNEL_MODULES)
        preload = Preload.from_line(_read_input())
        os.environ.update(preload.environment)
        with suppress(OSError):  # a folder that is missing is told elsewhere
            os.chdir(preload.cwd)  # Matplotlib reads a `matplotlibrc` there
        unfit |= import_modules(preload.modules)
    if unfit.keys() & set(preload.modules):
        os.write(messages, _advice(unfit).encode())
        _start_again(preload.without(unfit), listener, parent, before)
    os.close(messages)
    signal.alarm(0)
    gc.freeze()  # the forks' collectors leave these pages alone, so they stay shared
    set_by_modules = {name: value for name, value in os.environ.items() if before.get(name) != value}
    WarmServer(listener, set_by_modules).serve()


def _read_input() -> bytes:
    """All of standard input, which is empty from then on."""
    with open(0, "rb", closefd=False) as stream:
        line = stream.read()
    _point_to_nothing(0)
    return line


@contextmanager
def _silence() -> Iterator[int]:
    """A descriptor for messages, while nobody sees what modules say as they are imported.

    To a notebook they are old acquaintances. Afterwards the standard streams stay as they were then.
    """
    messages = os.dup(2)
    for stream in (1, 2):
        _point_to_nothing(stream)
    try:
        yield messages
    except BaseException:
        os.dup2(messages, 2)  # ours to tell
        raise


def _point_to_nothing(stream: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, stream)
    os.close(null)


def _start_again(
    preload: Preload, listener: socket.socket, parent: int, environment: Mapping[str, str]
) -> NoReturn:
    """Become a new warm process: a module that was imported once cannot be taken back."""
    text = os.memfd_create("preload")
    os.write(text, preload.to_line())
    os.lseek(text, 0, os.SEEK_SET)
    os.dup2(text, 0)
    listener.set_inheritable(True)
    command = server_command(listener, parent)
    os.execve(command[0], command, environment)  # noqa: S606 ourselves


def _advice(unfit: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{module} {reason}" for module, reason in unfit.items())
    return (
        f"note: not imported before kernels start: {reasons}. Set `[kernel] preload` or `environment` in "
        "luigi.cfg, so that this is not found out by trying.\n"
    )


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
