"""``python -m benchmarks``: time this project and others side by side, and write ``results.json``.

The tools take turns, in alternating order, so that what else the machine does hits all alike. A first
round warms caches up, measures the memory and is not timed.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import BenchmarkError, Measure, measure
from benchmarks.prepare import prepare
from benchmarks.results import Results, machine, read_results, versions, with_ratios, write_results
from benchmarks.subject import count_results
from benchmarks.tools import TOOLS, Work
from nightbook.pipeline.luigi_settings import default_workers

_HERE = Path(__file__).parent
_TRIES = 3


def main(arguments: list[str] | None = None) -> int:
    """Measure and write; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, nargs="+", default=[4, 16, 64], help="numbers of models")
    parser.add_argument(
        "--curve", type=int, default=16, help="more models than this: ours and the floor only"
    )
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--tools", nargs="+", choices=list(TOOLS), default=list(TOOLS))
    parser.add_argument("--results", type=Path, default=_HERE / "results.json")
    options = parser.parse_args(arguments)
    rows = []
    for pairs in options.pairs:
        tools = [tool for tool in options.tools if pairs <= options.curve or tool in ("ours", "floor")]
        rows += _compare(tools, pairs, options.runs)
    tracker = read_results(options.results).tracker if options.results.is_file() else ()
    found = versions(_HERE / ".venv")
    write_results(options.results, Results(machine(), found, options.runs, with_ratios(rows), tracker))
    return 0


def _compare(tools: list[str], pairs: int, runs: int) -> list[tuple[str, int, float, float]]:
    seconds: dict[str, list[float]] = {tool: [] for tool in tools}
    memory_mb = {}
    for turn in range(runs + 1):
        for tool in tools if turn % 2 else reversed(tools):
            done = _measure_again(tool, pairs, warm_up=turn == 0)
            if turn == 0:
                memory_mb[tool] = done.peak_pss_mb
            else:
                seconds[tool].append(done.wall_s)
            print(f"{pairs} pairs, run {turn}: {tool:16} {done.wall_s:6.2f} s", flush=True)
    return [(tool, pairs, statistics.median(seconds[tool]), memory_mb[tool]) for tool in tools]


def _measure_again(tool: str, pairs: int, *, warm_up: bool) -> Measure:
    """One measure. A tool whose kernels took each other's ports may try again, and is timed then."""
    for _ in range(_TRIES - 1):
        try:
            return _measure(tool, pairs, warm_up=warm_up)
        except BenchmarkError as error:
            print(f"{pairs} pairs: {tool} failed, and is run again: {error}", file=sys.stderr)
    return _measure(tool, pairs, warm_up=warm_up)


def _measure(tool: str, pairs: int, *, warm_up: bool) -> Measure:
    with tempfile.TemporaryDirectory(prefix="nightbook-bench-") as folder:
        work = Work(pairs, Path(folder), default_workers())
        prepare(work.pairs, work.folder)
        done = measure(TOOLS[tool](work), work.folder, sample_memory=warm_up)
        if count_results(work.folder / "runs") < work.pairs:
            end = (work.folder / "output.log").read_text(errors="replace")[-2000:]
            raise BenchmarkError(f"{tool} ended well, but not all models have been benchmarked:\n{end}")
    return done


if __name__ == "__main__":
    sys.exit(main())
