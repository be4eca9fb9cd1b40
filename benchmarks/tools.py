"""What is compared: each tool's command for the work that ``benchmarks.prepare`` has laid out in a folder."""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from benchmarks.subject import entry_point

_HERE = Path(__file__).parent
_BIN = _HERE / ".venv" / "bin"  # the tools' own environment: the same versions of everything they share
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


@dataclass(frozen=True, slots=True)
class Work:
    """So many models to train and benchmark, in a folder that all outputs go to."""

    pairs: int
    folder: Path
    workers: int


@dataclass(frozen=True, slots=True)
class Command:
    """What is timed; it is run in the work's folder."""

    arguments: list[str]
    environment: Mapping[str, str]


Tool: TypeAlias = Callable[[Work], Command]


def ours(work: Work) -> Command:
    """This project with everything on."""
    options = ["--pipeline", entry_point(), "--set", f"pairs={work.pairs}"]
    folders = ["--runs", str(work.folder / "runs"), "--notebooks", str(_HERE.parent / "notebooks")]
    arguments = [sys.executable, "-m", "nightbook", "run", *options, *folders, "--workers", str(work.workers)]
    return Command(arguments, _environment(LUIGI_CONFIG_PATH=str(_HERE.parent / "luigi.cfg")))


def floor(work: Work) -> Command:
    """One warmed process that forks a child for each task: no notebook, no record."""
    script = [str(_BIN / "python"), str(_HERE / "floor.py"), "steps.json", str(work.workers)]
    return Command(script, _environment(MPLBACKEND="Agg", **_ONE_THREAD))


def scripts(work: Work) -> Command:
    """The notebooks as plain scripts, one process each, under make."""
    return _make(work, "scripts.mk", f"PYTHON={_BIN / 'python'}", MPLBACKEND="Agg")


def papermill_make(work: Work) -> Command:
    """Papermill's command for each notebook, under make."""
    return _make(work, "papermill.mk", f"PAPERMILL={_BIN / 'papermill'}")


def luigi_papermill(work: Work) -> Command:
    """A Luigi task for each notebook that has papermill execute it."""
    arguments = ["--module", "benchmarks.luigi_papermill", "All", "--local-scheduler"]
    environment = _environment(BENCH_FOLDER=str(work.folder), BENCH_NOTEBOOKS=str(_HERE.parent / "notebooks"))
    return Command([str(_BIN / "luigi"), *arguments, "--workers", str(work.workers)], environment)


TOOLS: dict[str, Tool] = {
    "ours": ours,
    "floor": floor,
    "scripts": scripts,
    "papermill-make": papermill_make,
    "luigi-papermill": luigi_papermill,
}


def _make(work: Work, makefile: str, tool: str, **variables: str) -> Command:
    arguments = ["make", "--silent", f"--makefile={makefile}", f"--jobs={work.workers}", tool]
    return Command(arguments, _environment(**variables))


def _environment(**variables: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {**kept, "PYTHONPATH": str(_HERE.parent), "ORT_DISABLE_TELEMETRY": "1", **variables}
