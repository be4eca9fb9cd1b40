"""What is timed: the pipeline that luigi.cfg names in ``[benchmarks]``. Its module belongs to the forker.

The module has a class, a ``Pipeline`` with a parameter ``pairs``, and a function ``count_results(runs)``, the
number of results in a folder of runs, whichever tool made them.
"""

import importlib
from configparser import RawConfigParser
from pathlib import Path

import luigi

from nightbook.pipeline.graph.root_task import load_pipeline

_SETTINGS = Path(__file__).parents[1] / "luigi.cfg"


def entry_point() -> str:
    """Return MODULE:CLASS of the pipeline; configparser.Error if luigi.cfg names none."""
    parser = RawConfigParser()
    parser.read(_SETTINGS, encoding="utf-8")
    return parser.get("benchmarks", "pipeline")


def load_subject(pairs: int) -> luigi.Task:
    """Return the root task of a run with ``pairs`` models."""
    return load_pipeline(entry_point(), {"pairs": str(pairs)})


def count_results(runs: Path) -> int:
    """Return how many models have been benchmarked in the folder of runs, by whatever tool."""
    module = importlib.import_module(entry_point().partition(":")[0])
    count: int = module.count_results(runs)
    return count
