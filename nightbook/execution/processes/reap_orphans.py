"""What may be left of a run: processes, known by a variable, and temporary files, known by their names.

``python -m nightbook.execution.processes.reap_orphans VARIABLE VALUE PREFIX`` ends and removes them.
"""

import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import psutil

_MAX_ROUNDS = 20


def kill_marked(variable: str, mark: str) -> None:
    """Kill all processes with the variable in their environment, until none is found.

    One that was just being started may have been missed the first time.
    """
    for _ in range(_MAX_ROUNDS):
        marked = [process for process in psutil.process_iter() if _value_of(variable, process) == mark]
        if not marked:
            return
        for process in marked:
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
        psutil.wait_procs(marked, timeout=0.1)


def _value_of(variable: str, process: psutil.Process) -> str | None:
    try:
        found: str | None = process.environ().get(variable)
    except psutil.Error:
        return None
    return found


def remove_files(prefix: str) -> None:
    """Remove the temporary files whose names start so."""
    for file in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        file.unlink(missing_ok=True)


if __name__ == "__main__":
    kill_marked(*sys.argv[1:3])
    remove_files(sys.argv[3])
