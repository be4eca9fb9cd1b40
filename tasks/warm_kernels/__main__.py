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
from typing import NoReturn

from tasks.parent_death import die_with_parent
from tasks.warm_kernels.preload import Warming, import_kernel_modules
from tasks.warm_kernels.protocol import WARMING_TIMEOUT_S, Preload
from tasks.warm_kernels.server import Client, WarmServer


def main(listener: socket.socket, parent: int, clients: list[Client]) -> None:
    """Import what is asked for, serving those who need no more than is there; then serve all."""
    die_with_parent(parent)
    del sys.path[0]  # the folder of whoever started us: a kernel has its own in its place
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the main process's to handle
    signal.alarm(WARMING_TIMEOUT_S)  # end rather than let all kernels wait for an import that hangs
    gc.disable()  # importing leaves next to no garbage, and to look for it takes a sixth of the time
    environment = dict(os.environ)
    with _silence() as messages:
        import_kernel_modules()
        preload = Preload.from_line(_read_input())
        os.environ.update(preload.environment)
        with suppress(OSError):  # a folder that is missing is told elsewhere
            os.chdir(preload.cwd)  # Matplotlib reads a `matplotlibrc` there
        warming = Warming(preload.modules)
        server = WarmServer(listener, preload, environment, warming, clients)
        server.warm_up()
        warming.import_rest()
    if warming.unfit:
        os.write(messages, _advice(warming.unfit).encode())
        _start_again(preload.without(warming.unfit), listener, parent, environment, server.clients)
    os.close(messages)
    signal.alarm(0)
    server.serve()


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
    preload: Preload,
    listener: socket.socket,
    parent: int,
    environment: Mapping[str, str],
    clients: list[Client],
) -> NoReturn:
    """Become a new warm process: a module that was imported once cannot be taken back.

    Kernels that were forked before that module was imported go on, and those who wait still do.
    """
    text = os.memfd_create("preload")
    os.write(text, preload.to_line())
    os.lseek(text, 0, os.SEEK_SET)
    os.dup2(text, 0)
    for kept in (listener, *(client.connection for client in clients)):
        kept.set_inheritable(True)
    arguments = [str(listener.fileno()), str(parent), _hand_over(clients)]
    command = [sys.executable, "-m", "tasks.warm_kernels", *arguments]
    os.execve(sys.executable, command, environment)  # noqa: S606 ourselves


def _hand_over(clients: list[Client]) -> str:
    """The clients as an argument of the command."""
    return json.dumps([(c.connection.fileno(), c.notebook, c.greeted, c.pid) for c in clients])


def _take_over(argument: str) -> list[Client]:
    """The clients of the process that was here before."""
    clients = [Client(socket.socket(fileno=descriptor), *rest) for descriptor, *rest in json.loads(argument)]
    for client in clients:
        client.connection.set_inheritable(False)
    return clients


def _advice(unfit: Mapping[str, str]) -> str:
    reasons = "; ".join(f"{module} {reason}" for module, reason in unfit.items())
    return (
        f"note: not imported before kernels start: {reasons}. Set `[kernel] preload` or `environment` in "
        "luigi.cfg, so that this is not found out by trying.\n"
    )


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]), _take_over("".join(sys.argv[3:]) or "[]"))
