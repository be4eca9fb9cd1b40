"""The warm process of a run, seen from the main process."""

import logging
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from nightbook.execution.processes.threads import thread_variables
from nightbook.execution.warm_kernels.protocol import Preload, listen, set_warm_address

_log = logging.getLogger(__name__)


class WarmProcess:
    """A process that has imported what every kernel needs, and can be told what else to import."""

    def __init__(self, process: subprocess.Popen[bytes], address: str) -> None:
        self._process, self._address = process, address
        self._stopped = False

    def preload(self, preload: Preload) -> None:
        """Have modules imported, and kernels forked from now on.

        It is not waited for: each kernel waits for what it needs.
        """
        stdin = self._process.stdin
        if stdin is not None:
            with suppress(BrokenPipeError), stdin:  # it has ended; kernels are started afresh
                stdin.write(preload.to_line())
            set_warm_address(self._address)

    def stop(self) -> None:
        """Kill the process, and with it no kernel; say so if it had ended by itself."""
        if self._stopped:
            return
        self._stopped = True
        set_warm_address(None)
        code = self._process.poll()
        if code is not None:
            _log.warning("the warm process ended early (exit code %s): kernels were started afresh", code)
        self._process.kill()
        self._process.wait()


def _environment() -> dict[str, str]:
    """One thread for each library: a fork would be without the others, and a kernel asks for its own.

    Matplotlib reads its backend as it is imported, and is to find what a kernel would choose.
    """
    backend = os.environ.get("MPLBACKEND", "module://matplotlib_inline.backend_inline")
    environment = {**os.environ, **thread_variables(1), "MPLBACKEND": backend}
    environment.pop("JPY_PARENT_PID", None)  # ipykernel reads it as it is imported
    return environment


@contextmanager
def warm_process() -> Iterator[WarmProcess | None]:
    """A process that gets warm while this one loads; None where processes cannot be forked well."""
    if sys.platform != "linux":
        yield None
        return
    address = f"nightbook-warm-{uuid.uuid4().hex}"
    with listen(address) as listener:
        process = subprocess.Popen(  # noqa: S603 ourselves
            [
                sys.executable,
                "-m",
                "nightbook.execution.warm_kernels",
                str(listener.fileno()),
                str(os.getpid()),
            ],
            stdin=subprocess.PIPE,
            env=_environment(),
            pass_fds=[listener.fileno()],
            process_group=0,  # Ctrl-C is for the main process
        )
    warm = WarmProcess(process, address)
    try:
        yield warm
    finally:
        warm.stop()
