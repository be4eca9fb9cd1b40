"""What was measured, as it is kept in ``results.json``."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

_PACKAGES = ("luigi", "papermill", "nbclient", "ipykernel", "numpy", "scikit-learn", "onnxruntime")


@dataclass(frozen=True, slots=True)
class Result:
    """One tool at one size: the median of its runs."""

    tool: str
    pairs: int
    median_s: float
    ratio_to_floor: float
    peak_pss_mb: float


@dataclass(frozen=True, slots=True)
class Growth:
    """A tracker of so many records: seconds to build it, and its sizes in MB (10^6 bytes)."""

    records: int
    from_nothing_s: float
    one_more_s: float
    peak_pss_mb: float
    site_mb: float
    archive_checked_out_mb: float
    archive_packed_mb: float


@dataclass(frozen=True, slots=True)
class Results:
    """All that `make bench` measured, and on what."""

    machine: str
    versions: dict[str, str]
    runs: int
    results: tuple[Result, ...]
    tracker: tuple[Growth, ...] = ()


def machine() -> str:
    """The machine in a few words."""
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{len(os.sched_getaffinity(0))} cores {platform.machine()}, {memory_gb:.0f} GiB, {platform.system()}"
    )


def versions(environment: Path) -> dict[str, str]:
    """The versions of Python and of what decides on speed; papermill's from the tools' environment."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        metadata = sorted(environment.glob(f"lib/python*/site-packages/{name.replace('-', '_')}-*.dist-info"))
        found[name] = metadata[-1].name.split("-")[1].removesuffix(".dist") if metadata else version(name)
    return found


def read_results(file: Path) -> Results:
    """The results that a file holds."""
    data = json.loads(file.read_text(encoding="utf-8"))
    return Results(
        machine=data["machine"],
        versions=data["versions"],
        runs=data["runs"],
        results=tuple(Result(**result) for result in data["results"]),
        tracker=tuple(Growth(**growth) for growth in data["tracker"]),
    )


def write_results(file: Path, results: Results) -> None:
    """Write the results as JSON."""
    file.write_text(json.dumps(asdict(results), indent=1) + "\n", encoding="utf-8")


def with_ratios(medians: Iterable[tuple[str, int, float, float]]) -> tuple[Result, ...]:
    """Results of tool, pairs, median seconds and memory, with the ratio to the floor of that size."""
    rows = list(medians)
    floors = {pairs: seconds for tool, pairs, seconds, _ in rows if tool == "floor"}
    return tuple(
        Result(tool, pairs, round(seconds, 2), round(seconds / floors[pairs], 2), round(memory))
        for tool, pairs, seconds, memory in rows
    )
