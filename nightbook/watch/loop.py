"""``nightbook watch``: one run that follows what is saved, with the type and format checks.

A changed notebook makes its task stale, and all tasks that depend on it. Changed code beside the notebooks,
the pipeline or the classes of functions and scripts, and a changed luigi.cfg, make all tasks
stale. Their outputs are withdrawn, and the same run is resumed, as by `make resume`. Other saved files only
start the checks.
"""

import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import watchfiles

from nightbook import settings
from nightbook.execution.processes.background_process import BackgroundProcess
from nightbook.pipeline.code.entry_point import code_folder
from nightbook.pipeline.runs.stale_outputs import stale_tasks, withdraw_outputs
from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run
from nightbook.record.read.reader import next_run_id, read_run
from nightbook.watch.magics import leave_out, with_magics
from nightbook.watch.source_files import Contents, Sources
from nightbook.watch.source_folders import source_folders

_QUIET_MS = 200  # an editor that saves several files has finished when nothing has changed for this long
_POLL_MS = 50
_SETTINGS = "luigi.cfg"
_CHECKS = {
    "types": [sys.executable, "-m", "mypy"],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "--output-format", "concise", "."],
}


class Watch:
    """One run and the two checks, and the files that they follow."""

    def __init__(self, pipeline: str, run_id: str, workers: int | None) -> None:
        config = settings.settings()
        self._pipeline = pipeline
        self._folder = RunFolder(config.runs / run_id)
        self._notebooks = config.notebooks
        self._code = code_folder(pipeline)
        self._options = ["--runs", str(config.runs), "--notebooks", str(config.notebooks)]
        self._options += ["--workers", str(workers)] if workers else []
        self._run = BackgroundProcess("pipeline")
        self._checks = {name: BackgroundProcess(name) for name in _CHECKS}
        self._sources = Sources()
        self._folders = self._find_folders()
        files = (file for folder in self._folders for file in self._sources.files_below(folder))
        self._contents = Contents([*files, *self._sources.files_in(Path.cwd())])

    def follow(self) -> None:
        """Run everything once, then the tasks that each change touches, until KeyboardInterrupt."""
        try:
            self._start_checks()
            self._start_run()
            for saved in self._saved_files():
                changed = self._contents.changed(saved)
                if changed:
                    self._react(changed)
                for job in (self._run, *self._checks.values()):
                    job.poll()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave processes behind
            for job in (*self._checks.values(), self._run):
                job.stop()

    def _saved_files(self) -> Iterator[set[Path]]:
        """Return the files that were saved since the last step, which is at most a moment ago.

        Two watchers: one for the folders with code and all below them, one for the checkout's own files. A
        single one for all below the checkout would meet more folders, of records and packages, than the
        system lets a process watch. Each yields after `_POLL_MS` at the latest, so they keep in step.
        """
        options: dict[str, Any] = {
            "watch_filter": self._sources,
            "step": _QUIET_MS,
            "rust_timeout": _POLL_MS,
            "yield_on_timeout": True,
        }
        code = watchfiles.watch(*self._folders, **options)
        checkout = watchfiles.watch(Path.cwd(), recursive=False, **options)
        for below, beside in zip(code, checkout, strict=False):
            yield {Path(name) for _, name in (*below, *beside)}

    def _react(self, changed: set[Path]) -> None:
        self._start_checks()
        try:
            run = read_run(self._folder.path)
        except RecordError:  # the pipeline could not even be loaded
            run = None
        changed = {file for file in changed if self._is_used(file, run)}
        if not changed:
            return
        if run is None:
            self._start_run()
            return
        stale = stale_tasks(run, self._touched(run, changed))
        attempted = {task.task_id for task in run.tasks if task.attempts}
        is_loaded = any(file.is_relative_to(self._code) for file in changed)
        if self._run.running and not is_loaded and not stale & attempted:
            return  # the stale tasks come later in the run, and read the new files then
        if stale or self._run.exit_code:  # a run that failed before its first task may succeed now
            names = ", ".join(sorted(str(file.name) for file in changed))
            self._run.say(f"{names} changed: {len(stale)} of {len(run.tasks)} tasks again")
            self._run.stop()
            withdraw_outputs(self._folder, read_run(self._folder.path), stale)
            self._start_run()

    def _find_folders(self) -> list[Path]:
        """Return the folders with code, of the checkout and of the run, none of them within another."""
        own = [entry for entry in Path.cwd().iterdir() if entry.is_dir() and self._sources.goes_into(entry)]
        folders = {folder for folder in (*own, self._notebooks, self._code) if folder.is_dir()}
        return sorted(folder for folder in folders if folders.isdisjoint(folder.parents))

    def _is_used(self, file: Path, run: Run | None) -> bool:
        """Return True if the run may depend on the file: it is beside notebooks, pipeline or tasks."""
        if file.suffix in (".py", ".pyi"):
            folders = (self._notebooks, self._code, *(source_folders(run) if run else ()))
            return any(file.is_relative_to(folder) for folder in folders)
        return file == Path.cwd() / _SETTINGS

    def _touched(self, run: Run, changed: set[Path]) -> set[str]:
        """Return the run's notebooks that the changed files touch: all, if other code has changed."""
        used = {task.notebook for task in run.tasks}
        others = {file for file in changed if self._notebook_name(file) not in used}
        if any(not self._contents.is_notebook(file) for file in others):
            return used
        return {self._notebook_name(file) for file in changed}

    def _notebook_name(self, file: Path) -> str:
        inside = file.is_relative_to(self._notebooks)
        return file.relative_to(self._notebooks).as_posix() if inside else ""

    def _start_run(self) -> None:
        command = [sys.executable, "-m", "nightbook"]
        if self._folder.spans.is_dir():
            command += ["resume", self._folder.run_id]
        else:
            command += ["run", "--pipeline", self._pipeline, "--set", f"run_id={self._folder.run_id}"]
        self._run.start([*command, *self._options])

    def _start_checks(self) -> None:
        files = with_magics(self._notebooks)
        for name, job in self._checks.items():
            command = _CHECKS[name]
            job.start([*command, *leave_out(command[2], files)])


def watch(pipeline: str, workers: int | None) -> None:
    """Run the pipeline, and again what each saved file touches, until KeyboardInterrupt.

    Raise NightbookError if there is no such pipeline.
    """
    sys.path.insert(0, str(Path.cwd()))  # the pipeline's module is the project's
    with suppress(KeyboardInterrupt):
        Watch(pipeline, next_run_id(settings.settings().runs), workers).follow()
