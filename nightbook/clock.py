"""The clocks of this project: they begin with the time on the wall, and go on by themselves.

The machine's own clock is set: by its owner, by NTP, by a virtual machine that goes on. So its time is read
once, and what has passed since then is counted by a clock that nobody can set. Such times never go back, and
the difference of two is what has passed between them.
"""

import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Self

# Linux has two clocks that cannot be set; elsewhere there is one, which does as well.
ELAPSED: Final[int] = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # goes on while a laptop sleeps
AWAKE: Final[int] = time.CLOCK_MONOTONIC  # stands still while a laptop sleeps, as the work does

_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that says ``epoch_ns``, UTC since 1970, and what ``source`` has counted."""

    epoch_ns: int
    source: int = ELAPSED

    @classmethod
    def from_wall(cls, source: int = ELAPSED) -> Self:
        """Return a clock that begins with the time on the wall."""
        return cls(time.time_ns() - time.clock_gettime_ns(source), source)

    def now_ns(self) -> int:
        """Return the time in nanoseconds since the epoch, UTC."""
        return self.epoch_ns + time.clock_gettime_ns(self.source)

    def to_text(self) -> str:
        """Return what another process of this machine needs to go on with this clock."""
        return f"{self.epoch_ns}@{_boot()}"


@cache
def process_clock() -> Clock:
    """Return the clock of what this process records. Its forks go on with it."""
    return Clock.from_wall()


def restart_process_clock() -> None:
    """Take the time on the wall again: something begins that has nothing to do with what was before."""
    process_clock.cache_clear()
    process_clock()


def clock_from_text(text: str) -> Clock:
    """Return the clock that ``to_text`` has described; this process's own if that was another machine's."""
    epoch, _, boot = text.partition("@")
    if epoch.removeprefix("-").isdecimal() and boot == _boot():
        return Clock(int(epoch))
    return process_clock()


@cache
def _boot() -> str:
    """Return what tells this start of this machine from all others: each counts from its own."""
    try:
        return _BOOT.read_text(encoding="ascii").strip()
    except OSError:  # not Linux
        return os.uname().nodename
