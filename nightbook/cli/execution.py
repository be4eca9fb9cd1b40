"""Carrying out a run, new or resumed: what the commands ``run`` and ``resume`` have in common."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from nightbook.cli.processes import preload, prepare_process
from nightbook.execution.processes.interruption import INTERRUPTED
from nightbook.execution.processes.shared_memory import share_with_forks
from nightbook.execution.warm_kernels.process import WarmProcess
from nightbook.record.format.model import Outcome
from nightbook.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from nightbook.pipeline.runs.plan import Plan


def execute(
    make_plan: "Callable[[], Plan]",
    *,
    warm: WarmProcess | None,
    workers: int | None,
    scheduler: str | None,
    rerun: Sequence[str] | None = None,
) -> int:
    """Run what is missing of what is planned, show the run, and return the exit code.

    The plan is made here, while the warm process imports what it needs. ``rerun`` names tasks of a resumed
    run that are to be run again although they are done; it is None for another run.
    """
    prepare_process()
    preload(warm, settings())
    from nightbook import NotebookTask
    from nightbook.cli.program import resume_command
    from nightbook.cli.rerun import prepare_resumed_run
    from nightbook.cli.run_overview import print_run
    from nightbook.pipeline.checks.preflight import check_tasks
    from nightbook.pipeline.checks.unused_parameters import unused_parameters
    from nightbook.pipeline.graph.graph import find_tasks, prioritize
    from nightbook.pipeline.luigi_settings import check_luigi_settings, default_workers
    from nightbook.pipeline.parameters.hidden_parameters import check_one_value_each
    from nightbook.pipeline.runs.invocation import invocation, run_folder
    from nightbook.pipeline.runs.run import run_tasks
    from nightbook.pipeline.scheduling.luigid import SchedulerLostError, check_not_paused, check_scheduler
    from nightbook.record.read.forward import find_collector, forwarded_spans
    from nightbook.record.read.reader import is_readable
    from nightbook.reporting.notebook_pages import pages_made_meanwhile, warm_up
    from nightbook.reporting.progress import live_progress

    check_luigi_settings()
    plan = make_plan()
    root = plan.root
    for name in unused_parameters(root, plan.chosen):
        click.echo(
            f"note: {name} of {type(root).__name__} reaches no task: its requires() does not use it", err=True
        )
    tasks = find_tasks(root)
    check_tasks(tasks, workers=workers or default_workers())
    prioritize(tasks)
    if scheduler:
        check_scheduler(scheduler)
        check_not_paused(scheduler)  # before there is a record
        check_one_value_each(tasks)
    if rerun is not None:
        prepare_resumed_run(run_folder(root), tasks, rerun)
    if any(isinstance(task, NotebookTask) for task in tasks):
        warm_up()
    share_with_forks()
    try:
        with (
            forwarded_spans(run_folder(root).spans, find_collector(os.environ)),
            invocation(root, plan.whole) as running,
            pages_made_meanwhile(running.folder),
            live_progress(running.folder, len(tasks)),
        ):
            run_tasks(
                root,
                workers=workers or default_workers(),
                scheduler_url=scheduler,
                log=running.folder.log,
                on_requirements=running.add_requirements,
            )
    except SchedulerLostError as error:
        raise SchedulerLostError(f"{error}, then `{resume_command(run_folder(root))}`") from error
    except KeyboardInterrupt:
        if not is_readable(run_folder(root).path):  # it has not begun
            raise
        print_run(run_folder(root), settings().metrics)
        return INTERRUPTED
    outcome = print_run(run_folder(root), settings().metrics)
    succeeded = root.complete() if plan.is_addition else outcome is Outcome.SUCCESS
    return 0 if succeeded else 1
