"""The warm process: it has imported what notebooks import, and every kernel is a fork of it.

``python -m tasks.warm_kernels DESCRIPTOR PARENT``: the socket on which it listens, the process with which
it ends. One line on standard input says what to import. It runs no thread and opens no session, so that
a fork of it is as good as a fresh process.
"""

import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NoReturn

from tasks.parent_death import die_with_parent
from tasks.warm_kernels.preload import Warming, import_kernel_modules
from tasks.warm_kernels.protocol import WARMING_TIMEOUT_S, Preload
from tasks.warm_kernels.server import Client, WarmServer


@dataclass(frozen=True, slots=True)
class _Start:
    """How this process was started."""

    listener: socket.socket
    parent: int
    folder: Path
    environment: Mapping[str, str]

    def again(self, preload: Preload, heritage: "_Heritage") -> NoReturn:
        """Become a new warm process: a module that was imported once cannot be taken back.

        Kernels that were forked before that module was imported go on, and those who wait still do.
        """
        text = os.memfd_create("preload")
        os.write(text, preload.to_line())
        os.lseek(text, 0, os.SEEK_SET)
        os.dup2(text, 0)
        for kept in (self.listener, *(client.connection for client in heritage.clients)):
            kept.set_inheritable(True)
        os.chdir(self.folder)  # from where our own modules are imported
        arguments = [str(self.listener.fileno()), str(self.parent), heritage.to_argument()]
        command = [sys.executable, "-m", "tasks.warm_kernels", *arguments]
        os.execve(sys.executable, command, self.environment)  # noqa: S606 ourselves


@dataclass(frozen=True, slots=True)
class _Heritage:
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
    def from_argument(cls, argument: str) -> "_Heritage":
        """What the argument told."""
        clients, killed = json.loads(argument)
        heritage = cls(killed=set(killed))
        for descriptor, notebook, greeted, pid, received in clients:
            connection = socket.socket(fileno=descriptor)
            connection.set_inheritable(False)
            heritage.clients.append(Client(connection, notebook, greeted, pid, received.encode()))
        return heritage


def main(start: _Start, heritage: _Heritage) -> None:
    """Import what is asked for, serving those who need no more than is there; then serve all."""
    die_with_parent(start.parent)
    start.listener.set_inheritable(False)
    if not sys.flags.safe_path:
        del sys.path[0]  # the folder of whoever started us: a kernel has its own in its place
    signal.alarm(WARMING_TIMEOUT_S)  # end rather than let all kernels wait for an import that hangs
    gc.disable()  # importing leaves next to no garbage, and to look for it takes a sixth of the time
    with _silence() as messages:
        import_kernel_modules()
        preload = Preload.from_line(_read_input())
        if _differs_at_start(preload.environment, start.environment):
            os.dup2(messages, 2)
            replace(start, environment={**start.environment, **preload.environment}).again(preload, heritage)
        os.environ.update(preload.environment)
        with suppress(OSError):  # a folder that is missing is told elsewhere
            os.chdir(preload.cwd)  # Matplotlib reads a `matplotlibrc` there
        warming = Warming(preload.modules)
        server = WarmServer(
            start.listener, preload, start.environment, warming, heritage.clients, heritage.killed
        )
        server.warm_up()
        warming.import_rest()
    if warming.unfit:
        os.dup2(messages, 2)
        os.write(messages, _advice(warming.unfit).encode())
        start.again(preload.without(warming.unfit), _Heritage(server.clients, server.killed))
    os.close(messages)
    signal.alarm(0)
    server.serve()


def _differs_at_start(wanted: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Whether a variable is to be set that Python or the system's loader reads as a process starts."""
    return any(
        name.startswith(("PYTHON", "LD_")) and given.get(name) != value for name, value in wanted.items()
    )


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


def _advice(unfit: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{module} {reason}" for module, reason in unfit.items())
    return (
        f"note: not imported before kernels start: {reasons}. Set `[kernel] preload` or `environment` in "
        "luigi.cfg, so that this is not found out by trying.\n"
    )


if __name__ == "__main__":
    _listener, _parent, *_heritage = sys.argv[1:]
    main(
        _Start(socket.socket(fileno=int(_listener)), int(_parent), Path.cwd(), dict(os.environ)),
        _Heritage.from_argument(_heritage[0]) if _heritage else _Heritage(),
    )
