"""Carrying out a run, new or resumed: what the commands ``run`` and ``resume`` have in common."""

import os
from collections.abc import Mapping, Sequence

from nightbook.cli.processes import preload, prepare_process
from nightbook.execution.processes.interruption import INTERRUPTED
from nightbook.execution.processes.shared_memory import share_with_forks
from nightbook.execution.warm_kernels.process import WarmProcess
from nightbook.record.format.model import Outcome
from nightbook.settings import settings


def execute(
    entry_point: str,
    parameters: Mapping[str, str],
    *,
    warm: WarmProcess | None,
    workers: int | None,
    scheduler: str | None,
    run_id: str | None = None,
    rerun: Sequence[str] = (),
) -> int:
    """Run what is missing of a run, show it, and return the exit code; without ``run_id``, of a new run.

    ``rerun`` names tasks of a resumed run that are to be run again although they are done.
    """
    prepare_process()
    preload(warm, settings())
    from nightbook.cli.program import resume_command
    from nightbook.cli.rerun import prepare_resumed_run
    from nightbook.cli.run_overview import print_run
    from nightbook.pipeline.graph import find_tasks, prioritize
    from nightbook.pipeline.invocation import invocation, run_folder
    from nightbook.pipeline.luigi_settings import check_luigi_settings, default_workers
    from nightbook.pipeline.luigid import SchedulerLostError, check_scheduler
    from nightbook.pipeline.parameters import use_run_id
    from nightbook.pipeline.preflight import check_tasks
    from nightbook.pipeline.root_task import load_pipeline
    from nightbook.pipeline.run import run_tasks
    from nightbook.record.read.forward import find_collector, forwarded_spans
    from nightbook.reporting.notebook_pages import pages_made_meanwhile, warm_up
    from nightbook.reporting.progress import live_progress

    check_luigi_settings()
    if run_id:
        use_run_id(run_id)
    root = load_pipeline(entry_point, parameters)
    tasks = find_tasks(root)
    check_tasks(tasks, workers=workers or default_workers())
    prioritize(tasks)
    if scheduler:
        check_scheduler(scheduler)
    if run_id:
        prepare_resumed_run(run_folder(root), tasks, rerun)
    warm_up()
    share_with_forks()
    try:
        with (
            forwarded_spans(run_folder(root).spans, find_collector(os.environ)),
            invocation(root) as running,
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
        print_run(run_folder(root), settings().metrics)
        return INTERRUPTED
    return 0 if print_run(run_folder(root), settings().metrics) is Outcome.SUCCESS else 1
