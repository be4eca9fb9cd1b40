"""What the commands do. Each takes the parsed options and returns the exit code."""

import multiprocessing
import os
import signal
import sys
from argparse import Namespace
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nightbook import settings
from nightbook.execution.notebook.preloading import find_preload
from nightbook.execution.processes.shared_memory import share_with_forks
from nightbook.execution.warm_kernels.process import WarmProcess
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import RUN_ID
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.portable import pack_record
from nightbook.record.read.reader import find_runs, is_readable, newest_runs, read_run

_INTERRUPTED = 130


def run(options: Namespace) -> int:
    """Start a new run."""
    settings.override(notebooks=options.notebooks, runs=options.runs)
    parameters = dict(_assignment(text) for text in options.set)
    return _execute(options.pipeline or settings.settings().pipeline, parameters, options)


def resume(options: Namespace) -> int:
    """Continue a run with the pipeline and parameters that it was started with."""
    settings.override(runs=options.runs)
    folder = _folder(options.run_id)
    recorded = read_run(folder.path)
    settings.override(notebooks=options.notebooks or Path(recorded.notebooks))
    parameters = {name: str(value) for name, value in recorded.parameters.items()}
    return _execute(recorded.entry_point, parameters, options)


def work(options: Namespace) -> int:
    """Run tasks for other invocations, as their scheduler hands them out."""
    settings.override(notebooks=options.notebooks, runs=options.runs)
    _prepare_process()
    _preload(options.warm)
    from nightbook.pipeline.code_version import CodeWatcher
    from nightbook.pipeline.luigi_settings import default_workers
    from nightbook.pipeline.luigid import check_scheduler
    from nightbook.pipeline.run import work_for_others
    from nightbook.pipeline.worker import OutdatedError

    check_scheduler(options.scheduler)
    code = CodeWatcher(settings.settings().runs)
    workers = options.workers or default_workers()
    try:
        work_for_others(workers=workers, scheduler_url=options.scheduler, is_outdated=code.changed)
    except OutdatedError as error:
        print(f"note: {error}", file=sys.stderr)
    return 0


def scheduler(options: Namespace) -> int:
    """Serve Luigi's scheduler."""
    from nightbook.pipeline.scheduler import serve

    settings.override(runs=options.runs)
    serve(address=options.address, port=options.port, runs=settings.settings().runs)
    return 0


def list_runs(options: Namespace) -> int:
    """List all runs, oldest first."""
    from nightbook.record.write.run_lock import is_running
    from nightbook.reporting.tables import print_table, run_table

    settings.override(runs=options.runs)
    runs = []
    for path in find_runs(settings.settings().runs):
        try:
            runs.append((read_run(path), is_running(RunFolder(path))))
        except RecordError as error:
            print(f"{path.name}: {error}", file=sys.stderr)
    if runs:
        print_table(run_table(runs))
    else:
        print(f"no runs in {settings.settings().runs}: start one with `make run`")
    return 0


def show(options: Namespace) -> int:
    """Show one run."""
    settings.override(runs=options.runs)
    _print_run(_folder(options.run_id))
    return 0


def report(options: Namespace) -> int:
    """Make the diagrams and the summary of a run again, from its record alone."""
    from nightbook.reporting.reports import write_reports

    settings.override(runs=options.runs)
    folder = _folder(options.run_id)
    write_reports(folder, read_run(folder.path), settings.settings().metrics)
    for path in sorted(folder.report.iterdir()):
        print(path)
    return 0


def gate(options: Namespace) -> int:
    """Compare one run with the main branch's last runs; 1 if it is worse."""
    from nightbook.record.gate import Verdict, comparable, judge, overall, result_of
    from nightbook.record.render.comparison import verdict_line
    from nightbook.reporting.reports import write_reports
    from nightbook.reporting.tables import comparison_table, print_table

    settings.override(runs=options.runs)
    folder = _folder(options.run_id)
    run = read_run(folder.path)
    if not options.against.is_dir():
        raise RecordError(f"there is no folder {options.against} with records to compare with")
    chosen = settings.settings()
    result = result_of(run)
    past = comparable(result, map(result_of, newest_runs(options.against)), chosen.main_branch)
    comparisons = judge(result, past, chosen.goals)
    write_reports(folder, run, chosen.metrics, comparisons)
    if comparisons:
        print_table(comparison_table(comparisons))
    print(verdict_line(comparisons))
    return 1 if overall(comparisons) is Verdict.REGRESSED else 0


def pack(options: Namespace) -> int:
    """Copy what may leave the machine of one run."""
    settings.override(runs=options.runs)
    folder = _folder(options.run_id)
    left_out = pack_record(folder.path, options.into)
    for file in left_out:
        print(f"note: {file} is left out: the record would be too large")
    print(f"the portable record is in {options.into / folder.run_id}")
    return 0


def _execute(entry_point: str, parameters: dict[str, str], options: Namespace) -> int:
    """Run or continue a run, show it, and say what to do next if it did not succeed."""
    _prepare_process()
    _preload(options.warm)
    from nightbook.pipeline.graph import check_tasks, find_tasks, prioritize
    from nightbook.pipeline.invocation import invocation, run_folder
    from nightbook.pipeline.luigi_settings import default_workers
    from nightbook.pipeline.luigid import check_scheduler
    from nightbook.pipeline.root_task import expect_invocation, load_pipeline
    from nightbook.pipeline.run import run_tasks
    from nightbook.record.read.forward import find_collector, forwarded_spans
    from nightbook.reporting.notebook_pages import pages_made_meanwhile, warm_up
    from nightbook.reporting.progress import live_progress

    root = load_pipeline(entry_point, parameters)
    tasks = find_tasks(root)
    check_tasks(tasks)
    prioritize(tasks)
    if options.scheduler:
        from nightbook.pipeline.code_version import announce_code

        check_scheduler(options.scheduler)
        announce_code(run_folder(root).path.parent)
    expect_invocation(root)
    warm_up()
    share_with_forks()
    try:
        with (
            forwarded_spans(run_folder(root).spans, find_collector(os.environ)),
            invocation(root) as folder,
            pages_made_meanwhile(folder),
            live_progress(folder, len(tasks)),
        ):
            workers = options.workers or default_workers()
            run_tasks(root, workers=workers, scheduler_url=options.scheduler, log=folder.log)
    except KeyboardInterrupt:
        _print_run(run_folder(root))
        return _INTERRUPTED
    return 0 if _print_run(folder) is Outcome.SUCCESS else 1


def _prepare_process() -> None:
    """Let Luigi fork its task processes, and let SIGTERM, which stops containers, be like Ctrl-C."""
    multiprocessing.set_start_method("fork", force=True)
    signal.signal(signal.SIGTERM, partial(_interrupt, os.getpid()))


def _preload(warm: WarmProcess | None) -> None:
    """Tell the warm process what to import, before this one imports what it needs itself."""
    if warm is not None:
        preload = find_preload(settings.settings())
        if preload is None:
            warm.stop()
        else:
            warm.preload(preload)


def _print_run(folder: RunFolder) -> Outcome:
    """Print what is recorded of the run; returns its outcome."""
    from nightbook.record.write.run_lock import is_running
    from nightbook.reporting.tables import print_table, task_table

    run = read_run(folder.path)
    print_table(task_table(run, settings.settings().metrics))
    for problem in run.problems:
        print(f"note: {problem}")
    here = Path.cwd()
    path = folder.path.relative_to(here) if folder.path.is_relative_to(here) else folder.path
    running = is_running(folder)
    print(f"{'running' if running else run.outcome}: the record is in {path}")
    if run.outcome is not Outcome.SUCCESS and not running:
        print(_next_step(run))
    return run.outcome


def _next_step(run: Run) -> str:
    """Which task failed, with which error, and what to do."""
    resume = f"`{os.environ.get('RESUME_COMMAND', 'make resume')}` (python -m nightbook resume {run.run_id})"
    failed = next(
        (task for task in run.tasks if task.outcome in (Outcome.FAILURE, Outcome.TIMEOUT) and task.attempts),
        None,
    )
    if failed is None:
        return f"not all tasks were done: continue with {resume}"
    attempt = failed.attempts[-1]
    error = attempt.error.last_line if attempt.error else attempt.outcome
    return (
        f"{failed.task_id} failed in attempt {attempt.number} of {failed.retry_count}: {error}\n"
        f"see {attempt.notebook} in the record, mend it, then {resume}"
    )


def _folder(run_id: str | None) -> RunFolder:
    """The record of a run; the newest without an id. RecordError if there is none."""
    runs = settings.settings().runs
    if run_id is None:
        folders = find_runs(runs)
        if not folders:
            raise RecordError(f"there are no runs in {runs}: start one with `make run`")
        return RunFolder(next((path for path in reversed(folders) if is_readable(path)), folders[-1]))
    if not RUN_ID.fullmatch(run_id) or not (runs / run_id).is_dir():
        raise RecordError(f"there is no run {run_id} in {runs}: `python -m nightbook list` shows all")
    return RunFolder(runs / run_id)


def _assignment(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise RecordError(f"--set takes NAME=VALUE, not {text!r}")
    return name, value


def _interrupt(main_process: int, _signal: int, _frame: object) -> None:
    if os.getpid() != main_process:
        os._exit(_INTERRUPTED)  # a task's process that has just been forked
    raise KeyboardInterrupt


COMMANDS: dict[str, Callable[[Namespace], int]] = {
    "run": run,
    "resume": resume,
    "work": work,
    "scheduler": scheduler,
    "list": list_runs,
    "show": show,
    "report": report,
    "gate": gate,
    "pack": pack,
}
