"""``nightbook report``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command("report", cls=Command, examples=("nightbook report 20261123T031700Z-7f3a2c",))
@options.run_id
@options.runs
def run(*, run_id: str | None, runs: Path | None) -> int:
    """Write the diagrams and the summary of a run again, from its record; without RUN, of the newest."""
    from nightbook.cli.records import find_record
    from nightbook.record.read.reader import read_run
    from nightbook.reporting.reports import write_reports

    chosen = options.use_project(runs=runs)
    folder = find_record(chosen.runs, run_id)
    write_reports(folder, read_run(folder.path), chosen.metrics)
    for path in sorted(folder.report.iterdir()):
        print(path)
    return 0
