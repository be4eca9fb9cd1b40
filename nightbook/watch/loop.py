"""``python -m nightbook.watch.loop``: one run that follows what is saved, with the type and format checks.

A changed notebook makes its task and all that depends on it stale; other code that notebooks or the
pipeline may use, and luigi.cfg, make everything stale. What else is saved is checked. Stale outputs are
withdrawn and the same run is resumed, as `make resume` does.
"""

import argparse
import importlib.util
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import watchfiles

from nightbook import settings
from nightbook.execution.processes.background_process import SideJob
from nightbook.record.format.errors import NightbookError, RecordError
from nightbook.record.format.identity import new_run_id
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run
from nightbook.record.read.reader import read_run
from nightbook.watch.source_files import Contents, Sources
from nightbook.watch.stale_outputs import stale_tasks, withdraw_outputs

_QUIET_MS = 200  # an editor that saves several files has ended when nothing changed for so long
_POLL_MS = 50
_SETTINGS = "luigi.cfg"
_CHECKS = {
    "types": [sys.executable, "-m", "mypy"],
    "format": [sys.executable, "-m", "ruff", "format", "--check", "--output-format", "concise", "."],
}


class Watch:
    """The dev run, the two checks, and what they follow."""

    def __init__(self, pipeline: str, run_id: str, workers: int | None) -> None:
        config = settings.settings()
        self._pipeline = pipeline
        self._folder = RunFolder(config.runs / run_id)
        self._notebooks = config.notebooks
        self._code = _code_folder(pipeline)
        self._options = ["--runs", str(config.runs), "--notebooks", str(config.notebooks)]
        self._options += ["--workers", str(workers)] if workers else []
        self._run = SideJob("pipeline")
        self._checks = {name: SideJob(name) for name in _CHECKS}
        self._sources = Sources()
        self._folders = self._find_folders()
        files = (file for folder in self._folders for file in self._sources.files_below(folder))
        self._contents = Contents([*files, *self._sources.files_in(Path.cwd())])

    def follow(self) -> None:
        """Run everything once, then what each change touches, until KeyboardInterrupt."""
        options: dict[str, Any] = {
            "watch_filter": self._sources,
            "step": _QUIET_MS,
            "rust_timeout": _POLL_MS,
            "yield_on_timeout": True,
        }
        # Not all below the checkout at once: of records and packages there may be more folders than the
        # system lets a process watch.
        changes = zip(
            watchfiles.watch(*self._folders, **options),
            watchfiles.watch(Path.cwd(), recursive=False, **options),
            strict=False,
        )
        try:
            self._start_checks()
            self._start_run()
            for below, beside in changes:
                changed = self._contents.changed({Path(name) for _, name in (*below, *beside)})
                if changed:
                    self._react(changed)
                for job in (self._run, *self._checks.values()):
                    job.poll()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave the rest behind
            for job in (*self._checks.values(), self._run):
                job.stop()

    def _react(self, changed: set[Path]) -> None:
        self._start_checks()
        changed = {file for file in changed if self._is_used(file)}
        if not changed:
            return
        try:
            run = read_run(self._folder.path)
        except RecordError:  # the pipeline could not even be loaded
            self._start_run()
            return
        stale = stale_tasks(run, self._touched(run, changed))
        attempted = {task.task_id for task in run.tasks if task.attempts}
        is_loaded = any(file.is_relative_to(self._code) for file in changed)
        if self._run.running and not is_loaded and not stale & attempted:
            return  # those tasks come later in the run, and then read what is there
        if stale or self._run.exit_code:  # what failed without a task's fault may succeed now
            names = ", ".join(sorted(str(file.name) for file in changed))
            self._run.say(f"{names} changed: {len(stale)} of {len(run.tasks)} tasks again")
            self._run.stop()
            withdraw_outputs(self._folder, read_run(self._folder.path), stale)
            self._start_run()

    def _find_folders(self) -> list[Path]:
        """The folders with code, none of them within another: those of the checkout, and the run's."""
        own = [entry for entry in Path.cwd().iterdir() if entry.is_dir() and self._sources.goes_into(entry)]
        folders = {folder for folder in (*own, self._notebooks, self._code) if folder.is_dir()}
        return sorted(folder for folder in folders if folders.isdisjoint(folder.parents))

    def _is_used(self, file: Path) -> bool:
        """Whether the run may depend on the file."""
        if file.suffix in (".py", ".pyi"):
            return any(file.is_relative_to(folder) for folder in (self._notebooks, self._code))
        return file == Path.cwd() / _SETTINGS

    def _touched(self, run: Run, changed: set[Path]) -> set[str]:
        """The run's notebooks that the changed files touch: themselves, or all by what all may use."""
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
        for name, job in self._checks.items():
            job.start(_CHECKS[name])


def _code_folder(entry_point: str) -> Path:
    """The folder of the pipeline's module, which is not imported: it may be broken at the moment."""
    module = entry_point.partition(":")[0]
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None or spec.origin is None:
        raise NightbookError(f"there is no pipeline {entry_point!r}: name one as MODULE:CLASS")
    return Path(spec.origin).parent


def main(arguments: list[str] | None = None) -> int:
    """Watch until Ctrl-C or SIGTERM, which is the ordinary end and exit code 0; 2 for an error."""
    parser = argparse.ArgumentParser(
        prog="python -m nightbook.watch.loop", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--pipeline", metavar="MODULE:CLASS", help="another than luigi.cfg names")
    parser.add_argument("--notebooks", type=Path, metavar="DIR", help="folder of the notebooks")
    parser.add_argument("--runs", type=Path, metavar="DIR", help="folder of the run records")
    parser.add_argument("--workers", type=int, metavar="N", help="default: all processors")
    options = parser.parse_args(arguments)
    settings.override(notebooks=options.notebooks, runs=options.runs)
    signal.signal(signal.SIGTERM, _interrupt)
    pipeline = options.pipeline or settings.settings().pipeline
    try:
        Watch(pipeline, new_run_id(datetime.now(UTC)), options.workers).follow()
    except KeyboardInterrupt:
        return 0
    except NightbookError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
