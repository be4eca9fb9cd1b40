"""A command that runs beside others and is told line by line."""

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
_MOST_CHUNKS = 4  # at once: a job may write faster than its lines can be printed


class SideJob:
    """At most one process of a kind. Its lines are printed with the job's name in front.

    The process gets a session of its own, so that Ctrl-C reaches the caller alone, and the system
    kills it when the caller is killed. Nothing here starts a thread, and only ``stop`` waits, and with it
    ``start``.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._process: subprocess.Popen[bytes] | None = None
        self._rest = b""
        self.exit_code: int | None = None

    @property
    def running(self) -> bool:
        """Whether there is a process whose end ``poll`` has not told of."""
        return self._process is not None

    def start(self, command: list[str]) -> None:
        """Start the command; one that still runs is stopped first."""
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
        """Print what came since the last call, and how the process ended if it has."""
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
            self._print_lines(_stdout(process))  # a full pipe would hold the process up
            time.sleep(_POLL_S)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        self._print_lines(_stdout(process))
        self._close(process, process.wait())

    def say(self, line: str) -> None:
        """Print a line with the job's name in front."""
        print(f"{self._name:>8} │ {line}", flush=True)

    def _print_lines(self, descriptor: int) -> None:
        with suppress(BlockingIOError):
            for _ in range(_MOST_CHUNKS):
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
        raise ValueError("the process was started without a pipe")
    return process.stdout.fileno()
