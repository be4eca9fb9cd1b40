"""``nightbook run``."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nightbook.cli import options
from nightbook.cli.lazy_group import Command

if TYPE_CHECKING:
    from nightbook.pipeline.runs.plan import Plan
    from nightbook.record.format.model import Run


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
    examples=(
        "nightbook run",
        "nightbook run --set environment=ci --workers 4",
        "nightbook run --pipeline pipe:FitHouses --set size=3 --into 20261123T031700Z-7f3a2c",
    ),
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
@click.option(
    "--into",
    metavar="RUN",
    shell_complete=options.complete_run_id,
    help="Add the task that --pipeline names to this run.",
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
    into: str | None,
) -> int:
    """Start a new run of the pipeline, and show how it ended.

    With --into, add the task that --pipeline names, and what it needs, to a run that has ended. What is done
    in that run is not run again. A parameter that the run's pipeline has, too, is as in that run, unless
    --set has it. The run keeps its name, and `nightbook resume` tries the task again if it failed. The exit
    code is that of the task.
    """
    from nightbook.cli.processes import kernel_processes

    with kernel_processes() as warm:
        from nightbook.cli.execution import execute

        chosen = options.use_project(notebooks=notebooks, runs=runs)
        recorded = _recorded(chosen.runs, into, pipeline, notebooks) if into else None

        def plan() -> "Plan":
            from nightbook.pipeline.runs.plan import plan_addition, plan_run

            if recorded:
                return plan_addition(recorded, pipeline or "", parameters)
            return plan_run(pipeline or chosen.pipeline, parameters)

        return execute(plan, warm=warm, workers=workers, scheduler=scheduler)


def _recorded(runs: Path, run_id: str, pipeline: str | None, notebooks: Path | None) -> "Run":
    """Return the run to which a task is to be added, and use its notebooks."""
    from nightbook.cli.records import read_own_record

    if not pipeline:
        raise click.UsageError("--into needs --pipeline MODULE:TASK, the task to add")
    recorded = read_own_record(runs, run_id)
    options.use_project(notebooks=notebooks or Path(recorded.notebooks))
    return recorded
