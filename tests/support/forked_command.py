"""``python -m nightbook`` as a fork of a process that has imported the libraries, which take most of a start.

Only libraries are there: the fork imports every module of ours itself, in its own order, and with its own
folder, variables and settings. What depends on how a process starts is tested with `Project.start`.
"""

import gc
import json
import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile, gettempdir

_LIBRARIES = [
    "IPython.lib.lexers",
    "click",
    "jupyter_client.manager",
    "jupytext",
    "luigi.mock",
    "luigi.rpc",
    "luigi.worker",
    "nbclient.exceptions",
    "nbconvert.exporters",
    "nbconvert.filters.markdown_mistune",
    "opentelemetry.exporter.otlp.json.common.trace_encoder",
    "opentelemetry.sdk.trace",
    "rich.progress",
    "rich.table",
]
_TIMEOUT_S = 600  # a guard, not a measure
_MOST_BYTES = 1_000_000  # of a request: the arguments and variables of a command


def forked_command(
    arguments: list[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Carry out ``python -m nightbook ARGUMENTS`` in the folder, and return the ended process."""
    request = json.dumps([arguments, str(folder), dict(environment)]).encode()
    with TemporaryFile("w+") as output, TemporaryFile("w+") as errors:
        socket.send_fds(_server(), [request], [output.fileno(), errors.fileno()])
        code = int(_server().recv(16))
        output.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(["nightbook", *arguments], code, output.read(), errors.read())


@cache
def _server() -> socket.socket:
    """Start the process that is forked, and return the connection to it; it ends when we do."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    subprocess.Popen([sys.executable, __file__, str(its.fileno())], cwd=gettempdir(), pass_fds=[its.fileno()])
    its.close()
    ours.settimeout(_TIMEOUT_S)
    return ours


def _serve(connection: socket.socket) -> None:
    """Fork for each request, and answer with the exit code; return in each fork."""
    while True:
        request, descriptors, _, _ = socket.recv_fds(connection, _MOST_BYTES, 2)
        if not request:
            sys.exit()
        child = os.fork()
        if child == 0:
            connection.close()
            _become(*json.loads(request), *descriptors)
            return
        for descriptor in descriptors:
            os.close(descriptor)
        _, status = os.waitpid(child, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(arguments: list[str], folder: str, environment: dict[str, str], output: int, errors: int) -> None:
    """Have what a new process would have."""
    for descriptor, standard in ((output, 1), (errors, 2)):
        os.dup2(descriptor, standard)
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[0] = folder
    sys.argv[1:] = arguments
    sys.modules[
        "luigi"
    ].configuration.LuigiConfigParser.reload()  # of this folder: at its import there was none


if __name__ == "__main__":
    for library in _LIBRARIES:
        import_module(library)
    gc.freeze()  # or each fork copies the memory of the libraries, when it looks for garbage in it
    _serve(socket.socket(fileno=int(sys.argv[1])))
    runpy.run_module("nightbook", run_name="__main__", alter_sys=True)
