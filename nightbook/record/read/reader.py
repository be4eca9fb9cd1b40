"""Finds run records, and reads each as a ``Run``.

Nothing in a record is trusted: a line, span, name or value that does not follow the schema is left out
and named in ``Run.problems``; only a record that cannot be shown at all is an error.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from nightbook.record.format import schema
from nightbook.record.format.errors import RecordError
from nightbook.record.format.identity import RUN_ID, new_run_id
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.format.model import Run
from nightbook.record.format.schema import Kind
from nightbook.record.read.attempt_folders import attempts_of
from nightbook.record.read.origin import confirmed, read_origin
from nightbook.record.read.otlp import Span
from nightbook.record.read.run_assembly import RunAssembly
from nightbook.record.read.span_files import SpanFiles
from nightbook.record.read.span_order import in_order


def find_runs(runs: Path) -> list[Path]:
    """Return the folders of all run records in the folder ``runs``, oldest first.

    Example:
        >>> from pathlib import Path
        >>> import nightbook
        >>> [folder.name for folder in nightbook.find_runs(Path("runs"))]
        ['20261123T031700Z-7f3a2c']

    """
    if not runs.is_dir():
        return []
    return sorted(folder for folder in runs.iterdir() if RUN_ID.fullmatch(folder.name) and folder.is_dir())


def next_run_id(runs: Path) -> str:
    """Return the id of a run that begins now. It sorts after all in ``runs``, if those can be listed."""
    newest = ""
    with suppress(OSError):
        newest = max((folder.name for folder in find_runs(runs)), default="")
    return new_run_id(datetime.now(UTC), newest)


def newest_runs(runs: Path) -> Iterator[Run]:
    """Yield the runs recorded in ``runs``, newest first, each read on demand; skip unreadable ones."""
    for folder in reversed(find_runs(runs)):
        with suppress(RecordError):
            yield read_run(folder)


def read_run(folder: Path) -> Run:
    """Return the run recorded in ``folder``.

    Its provenance is taken from ``origin.json`` if the record was fetched from GitHub. Raise RecordError
    if there is no record, if a newer version wrote it, or if it does not say what was run.

    Example:
        >>> from pathlib import Path
        >>> import nightbook
        >>> run = nightbook.read_run(Path("runs/20261123T031700Z-7f3a2c"))
        >>> run.outcome.value, len(run.tasks), run.tasks[0].metrics
        ('failure', 3, {'rows': 1797})
        >>> run.task("report").last_attempt.outcome.value
        'timeout'

    """
    files = SpanFiles(folder / "spans")
    spans = files.new_spans()
    if not spans:
        raise RecordError(f"{folder} holds no run record: there is no readable span in {folder / 'spans'}")
    assembly = RunAssembly(
        _run_id(folder, spans),
        invocations=RunFolder(folder).invocations(),
        problems=[*files.problems, *files.incomplete()],
    )
    for file, span in sorted(in_order(spans), key=_is_part):
        assembly.add(file, span)
    run, origin = assembly.run(), read_origin(folder)
    run = replace(run, problems=(*run.problems, *_missing_spans(folder, run)))
    return replace(run, provenance=confirmed(run.provenance, origin)) if origin else run


def _missing_spans(folder: Path, run: Run) -> Iterator[str]:
    """Yield a sentence for each attempt that has a folder with files, and no span that tells of it."""
    known = {(task.task_id, attempt.number) for task in run.tasks for attempt in task.attempts}
    for attempt in attempts_of(RunFolder(folder)):
        task_id = attempt.task.task_id
        if (task_id, attempt.number) not in known and not attempt.spans.exists() and _has_files(attempt):
            name = attempt.spans.name
            yield f"spans/{name} is missing: nothing is known of attempt {attempt.number} of {task_id}"


def _has_files(attempt: AttemptFolder) -> bool:
    """Return True if the attempt did something: one that is being claimed has an empty folder."""
    return attempt.path.is_dir() and any(path.is_file() for path in attempt.path.iterdir())


def is_readable(folder: Path) -> bool:
    """Return True if ``read_run`` can read the record."""
    try:
        read_run(folder)
    except RecordError:
        return False
    return True


def _is_part(item: tuple[str, Span]) -> bool:
    """Sort the starts of attempts before their parts, in whichever file they stand."""
    _, span = item
    return span.attributes.get(schema.KIND) != Kind.ATTEMPT_START


def _run_id(folder: Path, spans: list[tuple[str, Span]]) -> str:
    """Return the folder's name or, when the folder has been renamed, the run id in its spans."""
    if RUN_ID.fullmatch(folder.name):
        return folder.name
    for _, span in spans:
        run_id = span.resource.get(schema.RUN_ID)
        if isinstance(run_id, str) and RUN_ID.fullmatch(run_id):
            return run_id
    raise RecordError(f"{folder} holds no run record: neither its name nor its spans have a run id")
