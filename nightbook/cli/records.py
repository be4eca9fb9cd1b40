"""The record of the run that a command is about."""

from pathlib import Path

from nightbook.cli.program import program, runs_option
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import RUN_ID
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run
from nightbook.record.read.origin import read_origin
from nightbook.record.read.reader import find_runs, is_readable, read_run


def find_record(runs: Path, run_id: str | None) -> RunFolder:
    """Return the record of a run in ``runs``: without an id, the newest that can be read.

    Raise RecordError if there is none.
    """
    if run_id is None:
        return _newest_record(runs)
    if not RUN_ID.fullmatch(run_id):
        raise RecordError(f"{run_id!r:.80} is no run id: `{program()} list{runs_option(runs)}` shows all")
    if not (runs / run_id).is_dir():
        raise RecordError(
            f"there is no run {run_id} in {runs}: `{program()} list{runs_option(runs)}` shows all"
        )
    return RunFolder(runs / run_id)


def read_own_record(runs: Path, run_id: str | None) -> Run:
    """Return a run that can be continued, found as by ``find_record``.

    Raise RecordError if it was made elsewhere: its record says what happened there, and is only read.
    """
    folder = find_record(runs, run_id)
    run, origin = read_run(folder.path), read_origin(folder.path)
    if origin is not None:
        raise RecordError(
            f"run {run.run_id} was made by {origin.workflow_run_url or 'GitHub'}, and its record is only "
            f"read here: start a run of your own with `{program()} run`"
        )
    return run


def _newest_record(runs: Path) -> RunFolder:
    folders = find_runs(runs)
    if not folders:
        raise RecordError(f"there are no runs in {runs}: start one with `{program()} run{runs_option(runs)}`")
    return RunFolder(next((path for path in reversed(folders) if is_readable(path)), folders[-1]))
