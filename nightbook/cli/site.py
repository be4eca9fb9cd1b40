"""``nightbook site``."""

import subprocess
from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command
from nightbook.settings import SettingsError


@click.command(
    "site", cls=Command, examples=("nightbook site", "SITEURL=https://a.org nightbook site --publish")
)
@click.option("--publish", is_flag=True, help="Build for the web with publishconf.py, which reads SITEURL.")
@options.runs
@options.site
@options.output
@options.cache
def run(*, publish: bool, runs: Path | None, site: Path, output: Path, cache: Path) -> int:
    """Build the tracker of all runs with pelicanconf.py, as pages for any web server.

    The exit code is 1 if Pelican reports an error.
    """
    chosen = options.use_project(runs=runs)
    config = site / ("publishconf.py" if publish else "pelicanconf.py")
    if not config.is_file():
        raise SettingsError(f"there is no {config}: name the folder that has it with --site")
    from nightbook.tracker.site_build import build_command

    command = build_command(config, output=output, runs=chosen.runs, cache=cache.absolute())
    if subprocess.run(command, check=False).returncode:  # noqa: S603 our own command
        return 1
    print(f"the tracker is in {output}: open it with `{_serve()}`, or put it on any web server")
    return 0


def _serve() -> str:
    from nightbook.cli.program import program

    return f"{program()} serve"
