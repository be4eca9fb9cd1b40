"""The benchmarks: what is timed is the same work, and the README says what was measured."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.kinds import KINDS, Cost, run_kind, to_kinds_table
from benchmarks.prepare import prepare
from benchmarks.results import Growth, Result, Results, read_results, with_ratios, write_results
from benchmarks.table import README, RESULTS, replace_table, to_growth_table, to_table
from benchmarks.tools import TOOLS, Work
from nightbook.pipeline.graph.graph import find_tasks
from tasks.benchmark_pipeline import Benchmarked, count_results, training_sizes
from tests.support.project import REPOSITORY


def test_the_readmes_table_is_what_the_results_say() -> None:
    text = README.read_text(encoding="utf-8")

    results = read_results(RESULTS)
    assert replace_table(text, to_table(results) + to_growth_table(results)) == text


def test_each_tool_was_measured_beside_the_floor() -> None:
    results = read_results(RESULTS).results

    assert {result.tool for result in results} <= set(TOOLS)
    floors = {result.pairs for result in results if result.tool == "floor"}
    assert {result.pairs for result in results} == floors
    assert all(result.peak_pss_mb > 0 for result in results)


def test_the_table_has_a_line_for_each_tool_and_a_column_for_each_size() -> None:
    results = with_ratios([("floor", 4, 2.0, 100), ("ours", 4, 2.5, 200.4), ("floor", 16, 5.0, 120)])

    table = to_table(Results("2 cores", {"python": "3.11"}, 5, results)).splitlines()

    assert table[0] == "|  | 4 models | 16 models | memory |"
    assert table[2].endswith("no notebooks | 2.0 s (1.0) | 5.0 s (1.0) | 100 MB |")
    assert table[3] == "| **Nightbook**, everything on | 2.5 s (1.2) |  | 200 MB |"
    assert table[-1].startswith("Medians of 5 runs each, taken in turns, on 2 cores")


def test_the_trackers_table_has_a_column_for_each_number_of_runs(tmp_path: Path) -> None:
    growth = (Growth(30, 2.7, 1.34, 94, 136.5, 12.1, 0.3), Growth(1000, 55.9, 6.04, 300, 4300, 390, 9.6))
    measured = Results("2 cores", {"python": "3.11"}, 5, (), growth)
    write_results(tmp_path / "results.json", measured)

    assert read_results(tmp_path / "results.json") == measured
    assert to_growth_table(measured).splitlines()[-5:] == [
        "|  | 30 runs | 1,000 runs |",
        "| --- | ---: | ---: |",
        "| built from nothing | 3 s | 56 s |",
        "| after one new run | 1.3 s | 6.0 s |",
        "| memory | 94 MB | 300 MB |",
    ]
    assert to_growth_table(Results("2 cores", {}, 5, ())) == ""


def test_ratios_are_those_of_one_size(tmp_path: Path) -> None:
    results = with_ratios([("floor", 4, 2.0, 100), ("floor", 16, 5.0, 100), ("ours", 16, 7.5, 120.4)])
    write_results(tmp_path / "results.json", Results("2 cores", {"python": "3.11"}, 5, results))

    assert results[2] == Result("ours", 16, 7.5, 1.5, 120)
    assert read_results(tmp_path / "results.json").results == results


def test_a_readme_without_a_place_for_the_table() -> None:
    with pytest.raises(ValueError, match="no place for the benchmarks"):
        replace_table("# Mine\n", "| |\n")


def test_sizes_differ() -> None:
    for pairs in (1, 4, 16, 64):
        assert len(set(training_sizes(pairs))) == pairs


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_of_each_kind_is_measured(kind: str) -> None:
    cost = run_kind(kind, 2, warm_up=True)

    assert 0 < cost.attempt_ms / 1000 < cost.wall_s
    assert cost.cpu_s > 0
    assert cost.peak_pss_mb > 0


def test_the_kinds_table_has_medians_without_the_warm_up_and_ratios_to_the_notebook() -> None:
    costs = {
        "notebook": [Cost(9, 9, 900, 120), Cost(2, 4, 100, 0), Cost(4, 6, 300, 0), Cost(3, 5, 200, 0)],
        "function": [Cost(9, 9, 900, 80.4), Cost(1.5, 2.5, 50, 0)],
    }

    assert to_kinds_table(costs, 1000).splitlines()[2:] == [
        "| notebook | 5.0 s (1.00) | 3.0 s (1.00) | 200 ms (1.00) | 120 MB |",
        "| function | 2.5 s (0.50) | 1.5 s (0.50) | 50 ms (0.25) | 80 MB |",
    ]


def test_the_scripts_do_the_pipelines_work(tmp_path: Path) -> None:
    """With one process for each: what the others are given can be run, and makes the same files."""
    steps = prepare(2, tmp_path)

    assert len(steps) == len(find_tasks(Benchmarked(pairs=2)))
    done = subprocess.run(
        [sys.executable, REPOSITORY / "benchmarks" / "floor.py", "steps.json", "2"],
        cwd=tmp_path,
        env=dict(TOOLS["floor"](Work(2, tmp_path, 2)).environment),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert count_results(tmp_path / "runs") == 2
