"""``nightbook watch``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command
from nightbook.execution.processes.interruption import handle_interruptions


@click.command("watch", cls=Command, examples=("nightbook watch --workers 2",))
@options.pipeline
@options.notebooks
@options.workers
@options.runs
def run(*, pipeline: str | None, notebooks: Path | None, workers: int | None, runs: Path | None) -> int:
    """Run the pipeline, and again the tasks that a saved file touches, until Ctrl-C.

    The type and format checks run beside it.
    """
    chosen = options.use_project(notebooks=notebooks, runs=runs)
    from nightbook.watch.loop import watch

    handle_interruptions()
    watch(pipeline or chosen.pipeline, workers)
    return 0
