"""``nightbook show``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command(
    "show",
    cls=Command,
    examples=("nightbook show", "nightbook show 20261123T031700Z-7f3a2c --json"),
)
@options.run_id
@options.as_json
@options.runs
def run(*, run_id: str | None, as_json: bool, runs: Path | None) -> int:
    """Show the tasks, metrics and errors of a run; without RUN, of the newest."""
    from nightbook.cli.records import find_record

    chosen = options.use_project(runs=runs)
    folder = find_record(chosen.runs, run_id)
    if as_json:
        from nightbook.cli.json_output import run_json
        from nightbook.record.read.reader import read_run
        from nightbook.record.write.run_lock import is_running

        print(run_json(read_run(folder.path), is_running(folder), folder.path))
    else:
        from nightbook.cli.run_overview import print_run

        print_run(folder, chosen.metrics)
    return 0
