"""``python -m tasks.watch``: one run that follows what is saved, with the type and format checks.

A changed notebook makes its task and all that depends on it stale; other changed code makes
everything stale. Stale outputs are withdrawn and the same run is resumed, as `make resume` does.
"""

import argparse
import importlib.util
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import watchfiles

from tasks import settings
from tasks.runlog.errors import NightbookError, RecordError
from tasks.runlog.identity import new_run_id
from tasks.runlog.layout import RunFolder
from tasks.runlog.model import Run
from tasks.runlog.reader import read_run
from tasks.side_job import SideJob
from tasks.source_files import Contents, Sources, is_notebook
from tasks.stale_outputs import stale_tasks, withdraw_outputs

_QUIET_MS = 200  # an editor that saves several files has ended when nothing changed for so long
_POLL_MS = 100
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

    def follow(self) -> None:
        """Run everything once, then what each change touches, until KeyboardInterrupt."""
        folders = [folder for folder in (self._notebooks, self._code) if folder.is_dir()]
        contents = Contents(folders)
        changes = watchfiles.watch(
            *folders,
            watch_filter=Sources(),
            step=_QUIET_MS,
            rust_timeout=_POLL_MS,
            yield_on_timeout=True,
        )
        try:
            self._start_checks()
            self._start_run()
            for events in changes:
                changed = contents.changed({Path(name) for _, name in events})
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
        try:
            run = read_run(self._folder.path)
        except RecordError:  # the pipeline could not even be loaded
            self._start_run()
            return
        stale = self._stale(run, changed)
        attempted = {task.task_id for task in run.tasks if task.attempts}
        if self._run.running and not stale & attempted:
            return  # those tasks come later in the run, and then read what is there
        if stale or self._run.exit_code:  # what failed without a task's fault may succeed now
            names = ", ".join(sorted(str(file.name) for file in changed))
            self._run.say(f"{names} changed: {len(stale)} of {len(run.tasks)} tasks again")
            self._run.stop()
            withdraw_outputs(self._folder, read_run(self._folder.path), stale)
            self._start_run()

    def _stale(self, run: Run, changed: set[Path]) -> set[str]:
        """The ids of the tasks that the changed files touch."""
        used = {task.notebook for task in run.tasks}
        notebooks = {self._notebook_name(file) for file in changed}
        shared = [file for file in changed if self._notebook_name(file) not in used and not is_notebook(file)]
        return stale_tasks(run, used if shared else notebooks)

    def _notebook_name(self, file: Path) -> str:
        inside = file.is_relative_to(self._notebooks)
        return file.relative_to(self._notebooks).as_posix() if inside else ""

    def _start_run(self) -> None:
        command = [sys.executable, "-m", "tasks"]
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
    parser = argparse.ArgumentParser(prog="python -m tasks.watch", description=__doc__.splitlines()[0])
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
