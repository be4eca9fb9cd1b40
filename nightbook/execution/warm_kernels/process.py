"""The warm process of a run, seen from the main process."""

import logging
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

from nightbook.execution.processes.threads import thread_variables
from nightbook.execution.warm_kernels.client import set_warm_address, socket_name
from nightbook.execution.warm_kernels.protocol import BACKLOG, Preload

_log = logging.getLogger(__name__)


class WarmProcess:
    """A process that imports what every kernel needs, then what ``preload`` names, and then forks kernels."""

    def __init__(self) -> None:
        self._address = f"nightbook-warm-{uuid.uuid4().hex}"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(socket_name(self._address))
        self._listener.listen(BACKLOG)
        self._process = self._start(_environment())
        self._stopped = False

    def preload(self, preload: Preload) -> None:
        """Have the modules imported, and kernels forked from now on. Call it once; it does not wait."""
        environment = _environment()
        if _differ_at_start(preload.environment, environment):
            self._kill()
            self._process = self._start({**environment, **preload.environment})
        self._listener.close()  # when the process has ended, clients must not wait for it
        stdin = self._process.stdin
        if stdin is not None:
            with suppress(BrokenPipeError), stdin:  # it has ended; kernels are started afresh
                stdin.write(preload.to_line())
            set_warm_address(self._address)

    def stop(self) -> None:
        """Kill the process, and with it no kernel; log a warning if it had already ended."""
        if self._stopped:
            return
        self._stopped = True
        self._listener.close()
        set_warm_address(None)
        code = self._process.poll()
        if code is not None:
            _log.warning("the warm process ended early (exit code %s): kernels were started afresh", code)
        self._kill()

    def _start(self, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        descriptor = self._listener.fileno()
        return subprocess.Popen(  # noqa: S603 our own command
            [sys.executable, "-m", __package__, str(descriptor), str(os.getpid())],
            stdin=subprocess.PIPE,
            env=environment,
            pass_fds=[descriptor],
            process_group=0,  # Ctrl-C is for the main process
        )

    def _kill(self) -> None:
        self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()


@contextmanager
def warm_process() -> Iterator[WarmProcess | None]:
    """Yield a process that gets warm while this one goes on; None where kernels cannot be forked."""
    if sys.platform != "linux":
        yield None
        return
    warm = WarmProcess()
    try:
        yield warm
    finally:
        warm.stop()


def _environment() -> dict[str, str]:
    """Return the variables of the warm process.

    Each library gets one thread: a fork would not have the others, and a kernel sets its own number.
    Matplotlib reads its backend at import, and must find the one that a kernel would choose.
    """
    backend = os.environ.get("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    environment = {**os.environ, **thread_variables(1), "MPLBACKEND": backend}
    environment.pop("JPY_PARENT_PID", None)  # ipykernel reads it at import
    return environment


def _differ_at_start(wanted: Mapping[str, str], given: Mapping[str, str]) -> bool:
    """Return True if a variable differs that Python or the system's loader reads when a process starts."""
    return any(
        name.startswith(("PYTHON", "LD_")) and given.get(name) != value for name, value in wanted.items()
    )
