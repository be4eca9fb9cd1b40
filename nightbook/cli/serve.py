"""``nightbook serve``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command
from nightbook.execution.processes.interruption import handle_interruptions


@click.command("serve", cls=Command, examples=("nightbook serve --port 8001",))
@click.option("--address", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=options.PORT, default=8000, show_default=True, help="Port to listen on.")
@options.runs
@options.site
@options.output
@options.cache
def run(*, address: str, port: int, runs: Path | None, site: Path, output: Path, cache: Path) -> int:
    """Serve the tracker of all runs, built again when a run or the site changes, until Ctrl-C."""
    from nightbook.tracker.serve import serve

    handle_interruptions()
    serve(
        address=address,
        port=port,
        site=site.absolute(),
        output=output.absolute(),
        cache=cache.absolute(),
        runs=options.use_project(runs=runs).runs,
    )
    return 0
