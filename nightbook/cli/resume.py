"""``nightbook resume``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command(
    "resume",
    cls=Command,
    examples=("nightbook resume", "nightbook resume 20261123T031700Z-7f3a2c --rerun stale"),
)
@options.run_id
@click.option(
    "--rerun",
    metavar="TASK",
    multiple=True,
    help="Run this task again, and all that depend on it; `stale` stands for all that other code has made. "
    "May be given several times.",
)
@options.notebooks
@options.workers
@options.scheduler
@options.runs
def run(
    *,
    run_id: str | None,
    rerun: tuple[str, ...],
    notebooks: Path | None,
    workers: int | None,
    scheduler: str | None,
    runs: Path | None,
) -> int:
    """Continue a run that failed or was killed; without RUN, the newest.

    It keeps the pipeline and the parameters that it was started with. Tasks that are done are not run again,
    unless --rerun names them; what other code has made than today's is said before.
    """
    from nightbook.cli.processes import kernel_processes

    with kernel_processes() as warm:
        from nightbook.cli.execution import execute
        from nightbook.cli.records import find_record
        from nightbook.record.read.reader import read_run

        chosen = options.use_project(runs=runs)
        recorded = read_run(find_record(chosen.runs, run_id).path)
        options.use_project(notebooks=notebooks or Path(recorded.notebooks))
        parameters = {name: str(value) for name, value in recorded.parameters.items()}
        return execute(
            recorded.entry_point,
            parameters,
            warm=warm,
            workers=workers,
            scheduler=scheduler,
            run_id=recorded.run_id,
            rerun=rerun,
        )
