"""Luigi's own command, ``luigi --module ...``: it has the checks, worker and record of ``nightbook run``.

So has ``luigi.build`` in a program.
"""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Any

import luigi
from luigi.cmdline_parser import CmdlineParser
from luigi.rpc import RemoteScheduler
from luigi.scheduler import Scheduler

from nightbook.execution.engines.registry import find_engine
from nightbook.execution.processes.interruption import INTERRUPTED, handle_interruptions
from nightbook.execution.processes.reaper import reaped_processes
from nightbook.pipeline.checks.preflight import check_tasks
from nightbook.pipeline.graph.graph import find_tasks, prioritize
from nightbook.pipeline.luigi_settings import check_luigi_settings
from nightbook.pipeline.parameters.hidden_parameters import check_one_value_each
from nightbook.pipeline.parameters.run_parameters import use_run_id
from nightbook.pipeline.runs.invocation import Invocation, invocation, run_folder
from nightbook.pipeline.runs.log_file import keep_on_terminal, luigi_log
from nightbook.pipeline.scheduling.luigid import check_not_paused, check_scheduler, enable_failed_tasks
from nightbook.pipeline.worker.worker import EngineWorker
from nightbook.pipeline.worker.worker_factory import WorkerFactory
from nightbook.record.format.errors import NightbookError
from nightbook.record.read.forward import find_collector, forwarded_spans
from nightbook.settings import settings

_REFUSED = 2


class CommandWorker(EngineWorker):
    """The worker of Luigi's own command. The first task that it is given is the root of the run."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._stack = ExitStack()
        self._stack.enter_context(reaped_processes())
        self._stack.callback(self.engine.close)
        self._invocation: Invocation | None = None

    def add(self, task: luigi.Task, *arguments: Any, **options: Any) -> bool:
        """Add a task; before the first one, check all tasks that it needs, and begin the record."""
        if self._invocation is None and not self._assistant:
            with _refused_in_one_line():
                self._invocation = self._begin(task)
                self._on_requirements = self._invocation.add_requirements
        return bool(super().add(task, *arguments, **options))

    def _begin(self, root: luigi.Task) -> Invocation:
        check_luigi_settings()
        folder = run_folder(root)
        use_run_id(folder.run_id)
        tasks = find_tasks(root)
        check_tasks(tasks, workers=self._count_processors())
        prioritize(tasks)
        if isinstance(self._scheduler, RemoteScheduler):
            url = self._scheduler._url  # noqa: SLF001 Luigi has no other door
            check_scheduler(url)
            check_one_value_each(tasks)
            check_not_paused(url)
            enable_failed_tasks(root, url)
        self._stack.enter_context(forwarded_spans(folder.spans, find_collector(os.environ)))
        begun = self._stack.enter_context(invocation(root))
        self._stack.enter_context(luigi_log(folder.log))
        return begun

    def _count_processors(self) -> int:
        """Return how many processors tasks may count as theirs, after the scheduler has been told."""
        config = luigi.configuration.get_config()
        count: int = max(config.getint("resources", "num_cpus"), self.worker_processes)
        config.set("resources", "num_cpus", str(count))
        if isinstance(self._scheduler, Scheduler):
            self._scheduler.update_resources(num_cpus=count)
        return count

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the tasks that still run, then the record."""
        self._stack.push(super().__exit__)
        self._stack.__exit__(kind, error, trace)
        if isinstance(error, KeyboardInterrupt) and _is_command():
            raise SystemExit(INTERRUPTED) from error


class CommandFactory(WorkerFactory):
    """Makes the parts of Luigi's own command."""

    worker_class = CommandWorker

    def __init__(self) -> None:
        if _is_command():
            multiprocessing.set_start_method("fork", force=True)
            handle_interruptions()
        with _refused_in_one_line():
            super().__init__(find_engine(settings().engine))

    def create_worker(
        self,
        scheduler: Scheduler | RemoteScheduler,
        worker_processes: int,
        assistant: bool = False,  # noqa: FBT001, FBT002 Luigi's signature
    ) -> EngineWorker:
        """Return the worker; an engine with a capacity of its own takes as many tasks as it offers."""
        if _is_command():
            keep_on_terminal()
        return super().create_worker(scheduler, self._engine.capacity or worker_processes, assistant)


@contextmanager
def _refused_in_one_line() -> Iterator[None]:
    """End the command with a line and the exit code of bad input; let a program have the exception."""
    try:
        yield
    except NightbookError as error:
        if not _is_command():
            raise
        print(f"error: {error}", file=sys.stderr)
        raise SystemExit(_REFUSED) from error


def _is_command() -> bool:
    return CmdlineParser.get_instance() is not None
