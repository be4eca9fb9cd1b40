"""What much output of one cell costs: ``python -m benchmarks.output_floods``.

Nightbook's runner and plain nbclient execute the same cell in a fresh kernel, in turns. The table has the
medians of the ratios, ours to nbclient's, and what each has stored. The memory is that of the client and the
kernel together, at its peak.
"""

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import measure
from benchmarks.tools import Command

FLOODS = {
    "1,000,000 lines": "for number in range(1_000_000): print(number)",
    "50,000 displays": "for number in range(50_000): display(number)\nprint('end')",
    "300 MB in lines of 1 MB": "for _ in range(300): print('x' * 1_000_000)",
}
_OURS = """
import nbformat, os, sys
from pathlib import Path
from nightbook.execution.notebook.kernels import kernel_environment
from nightbook.execution.notebook.runner import run_notebook
from nightbook.record.format.layout import RunFolder
folder = RunFolder(Path("20260101T000000Z-aaaaaa")).task("work").attempt(1)
folder.path.mkdir(parents=True)
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(sys.argv[1])])
result = run_notebook(notebook, folder=folder, cwd=Path.cwd(), environment=kernel_environment({}, 1),
                      timeout_s=3600, max_output_bytes=100_000_000, on_cell=lambda cell: None)
assert result.error is None, result.error
"""
_NBCLIENT = """
import nbformat, sys
from nbclient import NotebookClient
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(sys.argv[1])])
NotebookClient(notebook).execute()
"""
_COUNT = """
outputs = notebook.cells[0].outputs
print(len(outputs), sum(output.get("text", "").count("\\n") for output in outputs))
"""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--floods", nargs="+", choices=list(FLOODS), default=list(FLOODS))
    options = parser.parse_args()
    print("| output of one cell | time | memory | stored by us | stored by nbclient |")
    print("|---|---|---|---|---|")
    for name in options.floods:
        print(_row(name, FLOODS[name], options.rounds), flush=True)


def _row(name: str, source: str, rounds: int) -> str:
    times, memories, stored = [], [], {}
    for _ in range(rounds):
        ours, stored["ours"] = _execute(_OURS, source)
        theirs, stored["nbclient"] = _execute(_NBCLIENT, source)
        times.append(ours[0] / theirs[0])
        memories.append(ours[1] / theirs[1])
    medians = " | ".join(f"{statistics.median(ratios):.2f}" for ratios in (times, memories))
    return f"| {name} | {medians} | {stored['ours']} | {stored['nbclient']} |"


def _execute(program: str, source: str) -> tuple[tuple[float, float], str]:
    """Return the seconds and megabytes, and how many outputs and lines were stored."""
    with tempfile.TemporaryDirectory() as folder:
        command = Command([sys.executable, "-c", program + _COUNT, source], os.environ)
        measured = measure(command, Path(folder), sample_memory=True)
        outputs, lines = (Path(folder) / "output.log").read_text().split()[-2:]
    return (measured.wall_s, measured.peak_pss_mb), f"{outputs} outputs, {lines} lines"


if __name__ == "__main__":
    main()
