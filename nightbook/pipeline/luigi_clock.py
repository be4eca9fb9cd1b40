"""Luigi's intervals, measured by a clock that nobody sets and that stands still while a laptop sleeps.

Luigi compares times on the wall. When the machine's clock jumps, each worker has been silent for an hour: its
scheduler forgets it, and the run ends with tasks that are not run.
"""

import datetime as dt
import time
from types import ModuleType
from typing import Any

import luigi.scheduler
import luigi.worker

from nightbook.clock import AWAKE, Clock


class _Replaced:
    """A module of the standard library of which some names are replaced."""

    def __init__(self, module: ModuleType, **names: object) -> None:
        self._module = module
        vars(self).update(names)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


def use_steady_clock() -> None:
    """Let Luigi's scheduler and worker measure their intervals so. What they show are such times, too."""
    clock = Clock.from_wall(AWAKE)

    def seconds() -> float:
        return clock.now_ns() / 1e9

    class SteadyDateTime(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> "SteadyDateTime":
            return cls.fromtimestamp(seconds(), tz)

    steady_time = _Replaced(time, time=seconds)
    vars(luigi.scheduler)["time"] = steady_time
    vars(luigi.worker).update(time=steady_time, datetime=_Replaced(dt, datetime=SteadyDateTime))
