"""How long a command takes, and how much memory all its processes take together."""

import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.tools import Command

_SAMPLE_S = 0.1
_MB = 1024 * 1024


class BenchmarkError(Exception):
    """A command that failed, or did not do its work."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One timed command; the memory is known of a warm-up only, because looking at it takes time."""

    wall_s: float
    peak_pss_mb: float


def measure(command: Command, folder: Path, *, sample_memory: bool) -> Measure:
    """Run the command in the folder; BenchmarkError, with the end of what it said, if it fails."""
    with (folder / "output.log").open("wb") as log:
        start = time.perf_counter()
        process = subprocess.Popen(  # noqa: S603 the tools' own commands
            command.arguments,
            cwd=folder,
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        peak = 0.0
        while sample_memory and process.poll() is None:
            peak = max(peak, _pss_mb(process.pid))
            time.sleep(_SAMPLE_S)
        code = process.wait()
        wall_s = time.perf_counter() - start
    if code != 0:
        end = (folder / "output.log").read_text(errors="replace")[-2000:]
        raise BenchmarkError(f"{command.arguments} ended with exit code {code}:\n{end}")
    return Measure(wall_s, peak)


def _pss_mb(pid: int) -> float:
    """The memory of a process and all below it, each shared page counted once."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
    return total / _MB
