"""A command that runs in the background, with its output printed line by line."""

import os
import signal
import subprocess
import time
from contextlib import suppress
from functools import partial

from nightbook.execution.processes.parent_death import die_with_parent

_STOP_TIMEOUT_S = 15
_POLL_S = 0.05
_CHUNK_BYTES = 65536
_MAX_CHUNKS_PER_POLL = 4  # a process may write faster than its lines can be printed


class BackgroundProcess:
    """A named command of which at most one process runs at a time.

    Each line that the process writes is printed with the name in front. The process gets its own session,
    so that Ctrl-C reaches the caller only; the system kills it when the caller dies. No thread is started,
    and only ``stop``, and ``start`` through it, ever waits.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self.exit_code: int | None = None

    @property
    def running(self) -> bool:
        """Return True until ``poll`` has reported the end of the process."""
        return self._process is not None

    def start(self, command: list[str]) -> None:
        """Start the command; stop the process first if it still runs."""
        self.stop()
        self.exit_code = None
        self._process = subprocess.Popen(  # noqa: S603 the caller's own commands
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=partial(die_with_parent, os.getpid()),  # noqa: PLW1509 there are no threads
        )
        os.set_blocking(_stdout(self._process), False)
        self.say("starts")

    def poll(self) -> None:
        """Print the lines written since the last call, and the exit code if the process has ended."""
        if self._process is None:
            return
        code = self._process.poll()
        self._print_lines(_stdout(self._process))
        if code is not None:
            self._close(self._process, code)
            self.say("✓ passed" if code == 0 else f"✗ exit code {code}")

    def stop(self) -> None:
        """Terminate the process; kill it if it does not end in time."""
        process = self._process
        if process is None:
            return
        process.terminate()
        end = time.monotonic() + _STOP_TIMEOUT_S
        while process.poll() is None and time.monotonic() < end:
            self._print_lines(_stdout(process))  # a full pipe would block the process
            time.sleep(_POLL_S)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        self._print_lines(_stdout(process))
        self._close(process, process.wait())

    def say(self, line: str) -> None:
        """Print a line with the name in front."""
        print(f"{self._name:>8} │ {line}", flush=True)

    def _print_lines(self, descriptor: int) -> None:
        with suppress(BlockingIOError):
            for _ in range(_MAX_CHUNKS_PER_POLL):
                self._rest += os.read(descriptor, _CHUNK_BYTES)
        *lines, self._rest = self._rest.split(b"\n")
        for line in lines:
            self.say(line.decode(errors="replace"))

    def _close(self, process: subprocess.Popen[bytes], code: int) -> None:
        if self._rest:
            self.say(self._rest.decode(errors="replace"))
        if process.stdout:
            process.stdout.close()
        self._process, self._rest, self.exit_code = None, b"", code


def _stdout(process: subprocess.Popen[bytes]) -> int:
    if process.stdout is None:
        raise ValueError("the process was started without a pipe for its output")
    return process.stdout.fileno()
