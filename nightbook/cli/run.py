"""``nightbook run``."""

from collections.abc import Iterable
from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


def _assignments(_context: click.Context, _option: click.Parameter, texts: Iterable[str]) -> dict[str, str]:
    """Return the values of NAME=VALUE by their names."""
    pairs = [text.partition("=") for text in texts]
    for name, equals, _ in pairs:
        if not equals:
            raise click.BadParameter(f"--set takes NAME=VALUE, not {name!r}")
    return {name: value for name, _, value in pairs}


@click.command(
    "run",
    cls=Command,
    examples=("nightbook run", "nightbook run --set environment=ci --workers 4"),
)
@options.pipeline
@click.option(
    "--set",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_assignments,
    help="A parameter of the pipeline, such as environment=ci. May be given several times.",
)
@options.notebooks
@options.workers
@options.scheduler
@options.runs
def run(
    *,
    pipeline: str | None,
    parameters: dict[str, str],
    notebooks: Path | None,
    workers: int | None,
    scheduler: str | None,
    runs: Path | None,
) -> int:
    """Start a new run of the pipeline, and show how it ended."""
    from nightbook.cli.processes import kernel_processes

    with kernel_processes() as warm:
        from nightbook.cli.execution import execute

        chosen = options.use_project(notebooks=notebooks, runs=runs)
        entry_point = pipeline or chosen.pipeline
        return execute(entry_point, parameters, warm=warm, workers=workers, scheduler=scheduler)
