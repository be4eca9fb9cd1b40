"""``nightbook pack``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command("pack", cls=Command, examples=("nightbook pack --into build/record",))
@options.run_id
@click.option(
    "--into", type=options.FOLDER, metavar="DIR", required=True, help="Folder that gets the record's folder."
)
@options.runs
def run(*, run_id: str | None, into: Path, runs: Path | None) -> int:
    """Copy the part of a record that may be published; without RUN, of the newest run."""
    from nightbook.cli.records import find_record
    from nightbook.record.read.portable import pack_record

    folder = find_record(options.use_project(runs=runs).runs, run_id)
    for file in pack_record(folder.path, into):
        print(f"note: {file} is left out: the record would be too large")
    print(f"the portable record is in {into / folder.run_id}")
    return 0
