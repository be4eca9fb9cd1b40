"""The warm process: it has imported what notebooks import, and every kernel is a fork of it.

``python -m nightbook.execution.warm_kernels DESCRIPTOR PARENT``: the socket on which it listens, the
process with which it ends. One line on standard input says what to import. It runs no thread and opens no
session, so that a fork of it is as good as a fresh process.
"""

import gc
import os
import signal
import socket
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from nightbook.execution.processes.parent_death import die_with_parent
from nightbook.execution.warm_kernels.preload import Warming, import_kernel_modules
from nightbook.execution.warm_kernels.protocol import WARMING_TIMEOUT_S, Preload
from nightbook.execution.warm_kernels.restart import Heritage, Start
from nightbook.execution.warm_kernels.server import WarmServer


def main(start: Start, heritage: Heritage) -> None:
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
        start.again(preload.without(warming.unfit), Heritage(server.clients, server.killed))
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
        Start(socket.socket(fileno=int(_listener)), int(_parent), Path.cwd(), dict(os.environ)),
        Heritage.from_argument(_heritage[0]) if _heritage else Heritage(),
    )
