"""``nightbook scheduler``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command("scheduler", cls=Command, examples=("nightbook scheduler --port 8082",))
@click.option(
    "--address", default="127.0.0.1", show_default=True, help="Address to listen on. There is no password."
)
@click.option("--port", type=options.PORT, default=8082, show_default=True, help="Port to listen on.")
@options.runs
def run(*, address: str, port: int, runs: Path | None) -> int:
    """Serve Luigi's scheduler and its pages, which show the tasks of all runs that use it."""
    from nightbook.pipeline.scheduling.scheduler import serve

    chosen = options.use_project(runs=runs)
    serve(address=address, port=port, runs=chosen.runs, hosts=chosen.scheduler_hosts)
    return 0
