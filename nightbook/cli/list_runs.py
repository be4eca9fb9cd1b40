"""``nightbook list``."""

import sys
from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command(
    "list",
    cls=Command,
    examples=(
        "nightbook list",
        "nightbook list --json | jq -r '.runs[] | select(.outcome == \"failure\") | .run_id'",
    ),
)
@options.as_json
@options.runs
def run(*, as_json: bool, runs: Path | None) -> int:
    """List the runs, oldest first."""
    from nightbook.cli.program import program, runs_option
    from nightbook.record.format.errors import RecordError
    from nightbook.record.format.layout import RunFolder
    from nightbook.record.format.visible_text import visible_line
    from nightbook.record.read.reader import find_runs, read_run
    from nightbook.record.write.run_lock import is_running

    folder = options.use_project(runs=runs).runs
    found = []
    for path in find_runs(folder):
        try:
            found.append((read_run(path), is_running(RunFolder(path))))
        except RecordError as error:
            print(visible_line(f"{path.name}: {error}"), file=sys.stderr)
    if as_json:
        from nightbook.cli.json_output import runs_json

        print(runs_json(found, folder))
    elif found:
        from nightbook.reporting.tables import print_table, run_table

        print_table(run_table(found))
    else:
        print(f"no runs in {folder}: start one with `{program()} run{runs_option(folder)}`")
    return 0
