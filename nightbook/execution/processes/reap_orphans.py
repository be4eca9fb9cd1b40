"""Ending the orphans of a run: its processes, known by a variable, and its temporary files, by a prefix.

``python -m nightbook.execution.processes.reap_orphans VARIABLE VALUE PREFIX``
"""

import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

_MAX_ROUNDS = 20


def kill_processes(variable: str, value: str) -> None:
    """Kill all processes whose environment has the variable with this value, until none is found.

    A process that was just starting may be missed in the first round.
    """
    for _ in range(_MAX_ROUNDS):
        found = [process for process in psutil.process_iter() if _read(variable, process) == value]
        if not found:
            return
        for process in found:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(found, timeout=0.1)


def _read(variable: str, process: psutil.Process) -> str | None:
    try:
        value: str | None = process.environ().get(variable)
    except psutil.Error:
        return None
    return value


def remove_files(prefix: str) -> None:
    """Remove the temporary files whose names start with the prefix."""
    for file in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    kill_processes(*sys.argv[1:3])
    remove_files(sys.argv[3])
