"""What a task of each kind costs: ``python -m benchmarks.kinds``, and the table is printed.

A notebook of one cell, a function, a command and a plain Luigi task do nothing, many times each. The kinds
take turns in alternating order, so that what else the machine does hits all alike, and the table has ratios
to the notebook within one call. A first round warms caches up and measures the memory.
"""

import argparse
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

from benchmarks.measure import BenchmarkError, measure
from benchmarks.tools import Command
from nightbook.record.read.reader import find_runs, read_run

_HEAD = """
import luigi
import nightbook

class Root(nightbook.Pipeline):
    count = luigi.IntParameter()

    def requires(self):
        return [self.clone(Work, number=number) for number in range(self.count)]
"""
KINDS = {
    "notebook": """
class Work(nightbook.NotebookTask):
    number = luigi.IntParameter()
""",
    "function": """
class Work(nightbook.FunctionTask):
    number = luigi.IntParameter()

    def execute(self, inputs, output_dir):
        pass
""",
    "command": """
class Work(nightbook.ScriptTask):
    number = luigi.IntParameter()
    command = ["true"]
""",
    "plain Luigi task": """
class Work(luigi.Task):
    number = luigi.IntParameter()

    def output(self):
        return luigi.LocalTarget(f"done/{self.number}")

    def run(self):
        with self.output().open("w"):
            pass
""",
}
"""The class ``Work`` of each kind."""


@dataclass(frozen=True, slots=True)
class Cost:
    """One run of many tasks of one kind."""

    wall_s: float
    cpu_s: float
    attempt_ms: float
    peak_pss_mb: float


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kinds", description=__doc__.splitlines()[0])
    parser.add_argument("--tasks", type=int, default=100, help="tasks in a run")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each kind")
    options = parser.parse_args(arguments)
    costs: dict[str, list[Cost]] = {kind: [] for kind in KINDS}
    for turn in range(options.rounds + 1):
        for kind in KINDS if turn % 2 else reversed(KINDS):
            costs[kind].append(run_kind(kind, options.tasks, warm_up=turn == 0))
            print(f"round {turn}: {kind:16} {costs[kind][-1]}", file=sys.stderr, flush=True)
    print(to_kinds_table(costs, options.tasks))
    return 0


def run_kind(kind: str, count: int, *, warm_up: bool) -> Cost:
    """Return the cost of a run of so many tasks, and the memory if it is the warm-up.

    Raise BenchmarkError unless each task succeeds in one attempt.
    """
    with tempfile.TemporaryDirectory(prefix="nightbook-kinds-") as name:
        folder = Path(name)
        (folder / "luigi.cfg").touch()
        (folder / "notebooks").mkdir()
        (folder / "notebooks" / "work.py").write_text('# %% tags=["parameters"]\nnumber = 0\n')
        (folder / "pipe.py").write_text(_HEAD + KINDS[kind])
        options = ["--pipeline", "pipe:Root", "--set", f"count={count}", "--workers", "2"]
        command = Command([sys.executable, "-m", "nightbook", "run", *options], os.environ)
        before = _cpu_s()
        done = measure(command, folder, sample_memory=warm_up)
        cpu_s = _cpu_s() - before
        tasks = read_run(find_runs(folder / "runs")[-1]).tasks
        attempts = [attempt for task in tasks for attempt in task.attempts]
        if len(attempts) != count:
            raise BenchmarkError(f"{len(attempts)} attempts of {count} tasks of the kind {kind}")
        times_ms = [(attempt.end_ns - attempt.start_ns) / 1e6 for attempt in attempts if attempt.end_ns]
    return Cost(done.wall_s, cpu_s, statistics.median(times_ms), done.peak_pss_mb)


def to_kinds_table(costs: Mapping[str, Sequence[Cost]], count: int) -> str:
    """Return the medians of each kind as Markdown, with ratios to the notebook; the first is the warm-up."""
    lines = [f"| {count} tasks | CPU | wall | one attempt | memory |", "| --- | ---: | ---: | ---: | ---: |"]
    base = _median(costs["notebook"][1:])
    for kind, (warm_up, *timed) in costs.items():
        cost = _median(timed)
        cells = [
            kind,
            f"{cost.cpu_s:.1f} s ({cost.cpu_s / base.cpu_s:.2f})",
            f"{cost.wall_s:.1f} s ({cost.wall_s / base.wall_s:.2f})",
            f"{cost.attempt_ms:.0f} ms ({cost.attempt_ms / base.attempt_ms:.2f})",
            f"{warm_up.peak_pss_mb:.0f} MB",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*(statistics.median(getattr(cost, field.name) for cost in costs) for field in fields(Cost)))


def _cpu_s() -> float:
    """Return the processor time of all ended children, and theirs."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
