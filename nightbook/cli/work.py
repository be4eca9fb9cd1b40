"""``nightbook work``."""

from pathlib import Path

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command


@click.command("work", cls=Command, examples=("nightbook work --scheduler http://localhost:8082",))
@click.option("--scheduler", metavar="URL", required=True, help="Luigi's scheduler.")
@options.notebooks
@options.workers
@options.runs
def run(*, scheduler: str, notebooks: Path | None, workers: int | None, runs: Path | None) -> int:
    """Run tasks of other machines' runs, as their scheduler hands them out.

    It ends when it is given a task of a run with other code than its own.
    """
    from nightbook.cli.processes import kernel_processes

    with kernel_processes() as warm:
        from nightbook.cli.processes import preload, prepare_process

        chosen = options.use_project(notebooks=notebooks, runs=runs)
        prepare_process()
        preload(warm, chosen)
        from nightbook.pipeline.code.code_version import code_digest
        from nightbook.pipeline.luigi_settings import check_luigi_settings, default_workers
        from nightbook.pipeline.runs.run import work_for_others
        from nightbook.pipeline.scheduling.luigid import check_scheduler
        from nightbook.pipeline.scheduling.own_code_scheduler import OutdatedError

        check_luigi_settings()
        check_scheduler(scheduler)
        try:
            work_for_others(
                workers=workers or default_workers(), scheduler_url=scheduler, own_code=code_digest()
            )
        except OutdatedError as error:
            click.echo(f"note: {error}", err=True)
        return 0
