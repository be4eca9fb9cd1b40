"""The warm process: it imports what notebooks import, and every kernel is a fork of it.

``python -m nightbook.execution.warm_kernels DESCRIPTOR PARENT``: the socket on which it listens, and the
process with which it ends. It reads one ``Preload`` from standard input. It starts no thread and opens no
session, so that a fork of it is as good as a fresh process.
"""

import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.execution.warm_kernels.preloader import (
    ForkUnsafeError,
    import_kernel_modules,
    import_modules,
)
from nightbook.execution.warm_kernels.protocol import WARMING_TIMEOUT_S, Preload
from nightbook.execution.warm_kernels.server import WarmServer
from nightbook.execution.warm_kernels.standby import fork_standby


def main(listener: socket.socket, parent: int) -> None:
    """Import the modules, serving the clients that need no more than is imported; then serve all."""
    die_with_parent(parent)
    listener.set_inheritable(False)
    environment = dict(os.environ)
    if not sys.flags.safe_path:
        del sys.path[0]  # the working folder: a kernel has its own in its place
    signal.alarm(WARMING_TIMEOUT_S)  # an import that hangs must not let all kernels wait
    gc.disable()  # importing leaves hardly any garbage, and searching for it takes a sixth of the time
    with _silenced_output() as messages:
        import_kernel_modules()
        preload = Preload.from_line(_read_input())
        os.environ.update(preload.environment)
        with suppress(OSError):  # a missing folder is reported elsewhere
            os.chdir(preload.cwd)  # Matplotlib reads a `matplotlibrc` there
        server, fork_unsafe = _warm_server(listener, preload, environment)
        os.write(messages, _advice(fork_unsafe).encode())
    os.close(messages)
    signal.alarm(0)
    server.serve()


def _warm_server(
    listener: socket.socket, preload: Preload, environment: Mapping[str, str]
) -> tuple[WarmServer, dict[str, str]]:
    """Return the server when everything is imported, and the modules that only kernels may import.

    If there are such modules, it is the standby process that returns.
    """
    standby, fork_unsafe = fork_standby()
    signal.alarm(WARMING_TIMEOUT_S)  # a fork does not inherit it
    server = WarmServer(listener, preload, environment)
    try:
        server.warm_up(import_modules(preload.modules, fork_unsafe))
    except ForkUnsafeError as error:
        if standby is None:
            raise
        signal.alarm(0)
        standby.take_over({error.module: error.reason})
        server.finish()
        standby.wait()
    if standby is not None:
        standby.dismiss()
    return server, fork_unsafe


def _read_input() -> bytes:
    """Return all of standard input, which is empty from then on."""
    with open(0, "rb", closefd=False) as stream:
        line = stream.read()
    _point_to_nothing(0)
    return line


@contextmanager
def _silenced_output() -> Iterator[int]:
    """Keep from the terminal what modules print when imported; yield a descriptor for our own messages.

    It goes to a file in memory, whose size shows that a module prints. The streams stay silent afterwards.
    """
    messages, printed = os.dup(2), os.memfd_create("printed")
    for stream in (1, 2):
        os.dup2(printed, stream)
    os.close(printed)
    try:
        yield messages
    except BaseException:
        os.dup2(messages, 2)  # our own traceback must be seen
        raise


def _point_to_nothing(stream: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, stream)
    os.close(null)


def _advice(fork_unsafe: Mapping[str, str]) -> str:
    """Return a note about the modules that only kernels may import; an empty text if there are none."""
    if not fork_unsafe:
        return ""
    reasons = "; ".join(f"{module} {reason}" for module, reason in fork_unsafe.items())
    return (
        f"note: not imported before kernels start: {reasons}. List the other modules in `[kernel] preload` "
        "in luigi.cfg, or change `environment` there, and runs start faster.\n"
    )


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]))
