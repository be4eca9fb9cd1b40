"""``nightbook resume``."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.pipeline.runs.plan import Plan


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

    It keeps the pipeline and the parameters that it was started with, and the tasks that were added to it.
    Tasks that are done are not run again, unless --rerun names them; what other code has made than today's
    is said before.
    """
    from nightbook.cli.processes import kernel_processes

    with kernel_processes() as warm:
        from nightbook.cli.execution import execute
        from nightbook.cli.records import read_own_record

        chosen = options.use_project(runs=runs)
        recorded = read_own_record(chosen.runs, run_id)
        options.use_project(notebooks=notebooks or Path(recorded.notebooks))

        def plan() -> "Plan":
            from nightbook.pipeline.runs.plan import plan_resumption

            return plan_resumption(recorded)

        return execute(plan, warm=warm, workers=workers, scheduler=scheduler, rerun=rerun)
