"""How many processors this process may use: of the machine, of its affinity, and of its container's quota.

Quotas are those of control groups: https://docs.kernel.org/admin-guide/cgroup-v2.html#cpu-interface-files
"""

import math
import os
from collections.abc import Iterator
from pathlib import Path


def usable_processors(root: Path = Path("/")) -> int:
    """Return the number, which is at least 1. A part of a processor counts as one; ``root`` is for tests."""
    quotas = [math.ceil(quota) for quota in _quotas(root)]
    return max(1, min([_allowed(), *quotas]))


def _allowed() -> int:
    """Return how many processors the system would let this process run on."""
    if hasattr(os, "process_cpu_count"):  # from Python 3.13 on; heeds PYTHON_CPU_COUNT, too
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quotas(root: Path) -> Iterator[float]:
    """Yield the quota of each control group around this process that has one, in processors."""
    for line in _read(root / "proc" / "self" / "cgroup").splitlines():
        _, controllers, place = [*line.split(":", 2), "", ""][:3]
        folder, quota_of = root / "sys" / "fs" / "cgroup", _quota_v2
        if controllers:
            if "cpu" not in controllers.split(","):
                continue
            folder, quota_of = folder / "cpu", _quota_v1
        inner = Path(place.lstrip("/"))
        for group in (inner, *inner.parents):  # a container sees its own group as the outermost
            quota = quota_of(folder / group)
            if quota:
                yield quota


def _quota_v2(group: Path) -> float | None:
    quota, period = [*_read(group / "cpu.max").split(), "", ""][:2]
    return _ratio(quota, period)


def _quota_v1(group: Path) -> float | None:
    return _ratio(_read(group / "cpu.cfs_quota_us"), _read(group / "cpu.cfs_period_us"))


def _ratio(quota: str, period: str) -> float | None:
    """Return the quota in processors, or None if there is none: it is ``max`` or -1 then."""
    if not (quota.isdecimal() and period.isdecimal() and int(period)):
        return None
    return int(quota) / int(period)


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:  # another system, or a group without this controller
        return ""
