"""The README's table of the benchmarks, made of ``results.json``: ``python -m benchmarks.table``."""

import sys
from pathlib import Path

from benchmarks.results import Results, read_results

_ROOT = Path(__file__).parents[1]
README, RESULTS = _ROOT / "README.md", _ROOT / "benchmarks" / "results.json"
_START, _END = "<!-- benchmarks: made by `make bench-table` -->\n", "<!-- end of benchmarks -->\n"
_LABELS = {
    "floor": "the floor: one warmed process that forks a child per task, no notebooks",
    "ours": "**Nightbook**, everything on",
    "scripts": "plain scripts under `make -j`",
    "luigi-papermill": "Luigi with papermill",
    "papermill-make": "papermill under `make -j`",
}


def to_table(results: Results) -> str:
    """The results as a Markdown table: a line for each tool, the sizes side by side."""
    if not results.results:
        return (
            "Not measured yet: `make bench` takes a quarter of an hour on a machine that does nothing else.\n"
        )
    sizes = sorted({result.pairs for result in results.results})
    head = ["", *(f"{pairs} models" for pairs in sizes), "memory"]
    lines = [head, ["---", *("---:" for _ in head[1:])]]
    for tool, label in _LABELS.items():
        found = {result.pairs: result for result in results.results if result.tool == tool}
        if found:
            cells = [
                f"{found[n].median_s:.1f} s ({found[n].ratio_to_floor:.1f})" if n in found else ""
                for n in sizes
            ]
            lines.append([label, *cells, f"{found[min(found)].peak_pss_mb:.0f} MB"])
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return (
        f"{table}\nMedians of {results.runs} runs each, taken in turns, on {results.machine}; in brackets: "
        "the ratio to the floor.\n"
    )


def to_growth_table(results: Results) -> str:
    """How the tracker grows, as a Markdown table; empty if it was not measured."""
    if not results.tracker:
        return ""
    columns = [
        ["", "---", "built from nothing", "after one new run", "memory"],
        *(
            [
                f"{growth.records:,} runs",
                "---:",
                f"{growth.from_nothing_s:.0f} s",
                f"{growth.one_more_s:.1f} s",
                f"{growth.peak_pss_mb:.0f} MB",
            ]
            for growth in results.tracker
        ),
    ]
    rows = "".join(f"| {' | '.join(cells)} |\n" for cells in zip(*columns, strict=True))
    return f"\nBuilding the tracker for different numbers of runs of the demo:\n\n{rows}"


def replace_table(text: str, table: str) -> str:
    """The text with the table between its marks; ValueError if it has none."""
    before, start, rest = text.partition(_START)
    _, end, after = rest.partition(_END)
    if not (start and end):
        raise ValueError("README.md has no place for the benchmarks: see the marks in benchmarks/table.py")
    return f"{before}{start}{table}{end}{after}"


def main() -> int:
    """Write the table into the README; returns the exit code."""
    text = README.read_text(encoding="utf-8")
    results = read_results(RESULTS)
    tables = to_table(results) + to_growth_table(results)
    README.write_text(replace_table(text, tables), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
