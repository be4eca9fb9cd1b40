"""What holds after each fault, whatever it was.

The record can be read and tells the truth about every attempt that started; nothing that was logged is
missing; no target exists that was not completely written; no process is left; and a resumed run ends with
the results of an undisturbed one.
"""

import re
import subprocess
import sys
import time
from pathlib import Path

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Outcome, Run
from nightbook.record.read.reader import read_run
from tests.faults.kills.numbered_steps import BEGUN, DONE, LAST_LINE, RESULT, logged_name
from tests.support.project import Project, processes_of

PLAIN_TARGET = "plain.txt"
_LEFT_AFTER_S = 2
_STARTS = 10  # of Python, which the reaper starts before it looks for processes: the machine may be busy

_EMPTY = re.compile(r"spans/(.+)\.attempt-(\d+)\.(?:notebook\.)?jsonl is empty: ")

Notes = dict[tuple[str, int], list[str]]
"""What each attempt has noted, by task and number."""

Results = dict[str, str]
"""The text that each task has published, and what it has logged at last."""


def check_record(project: Project, *, goes_on: bool) -> None:
    """Check what holds at each moment, also while the run goes on: it may not have begun to be recorded."""
    noted = _notes(project)
    if not project.runs:
        assert not noted, "attempts have started, and there is no record"
        return
    run = project.record()
    unexplained = [problem for problem in run.problems if not _is_of_an_early_end(problem, noted)]
    assert not unexplained, unexplained
    for (task_id, number), notes in noted.items():
        _check_attempt(run, task_id, number, notes)
    for task in run.tasks:
        numbers = [attempt.number for attempt in task.attempts]
        assert numbers == list(range(1, len(numbers) + 1)), (task.task_id, numbers)
        _check_target(RunFolder(project.runs[-1]).task(task.task_id).output / RESULT)
    _check_target(project.path / PLAIN_TARGET)
    if not goes_on:
        _check_successes(project, run)


def check_nothing_left(project: Project) -> None:
    """Check that the run's processes have ended within two seconds; a busy machine gets its own measure."""
    if not _ends_within(project, _LEFT_AFTER_S):
        start = time.monotonic()
        subprocess.run([sys.executable, "-c", "import psutil"], check=True)
        _ends_within(project, _STARTS * (time.monotonic() - start))
    left = [_described(process) for process in processes_of(project.path)]
    assert not left, f"processes are left: {left}"


def results(project: Project) -> Results:
    """Return what the newest run has made: contents, and no times."""
    run = project.record()
    assert run.outcome is Outcome.SUCCESS, {task.task_id: task.outcome for task in run.tasks}
    found = {PLAIN_TARGET: (project.path / PLAIN_TARGET).read_text(encoding="utf-8")}
    for task in run.tasks:
        file = RunFolder(project.runs[-1]).task(task.task_id).output / RESULT
        text = file.read_text(encoding="utf-8") if file.is_file() else ""
        found[task.task_id] = f"{sorted(task.metrics.items())}\n{text}"
    return found


def _check_attempt(run: Run, task_id: str, number: int, notes: list[str]) -> None:
    """Check that the record has the attempt, and all that it noted after it had logged it."""
    attempts = {attempt.number: attempt for attempt in run.task(task_id).attempts}
    assert number in attempts, f"{task_id}: attempt {number} has started, and the record does not have it"
    logged = attempts[number].metrics
    expected = {logged_name(int(note)): float(note) for note in notes if note not in (BEGUN, DONE)}
    missing = expected.items() - logged.items()
    assert not missing, f"{task_id}, attempt {number}: logged, and not in the record: {missing}"


def _is_of_an_early_end(problem: str, noted: Notes) -> bool:
    """Return whether it is a span file whose writer has not written yet, or was killed before it could."""
    found = _EMPTY.match(problem)
    return found is not None and set(noted.get((found[1], int(found[2])), [BEGUN])) == {BEGUN}


def _check_target(target: Path) -> None:
    """Check that what is published is complete."""
    if target.exists():
        assert target.read_text(encoding="utf-8").endswith(LAST_LINE), f"{target} is half written"
    elif target.name == RESULT:
        assert not target.parent.exists(), f"{target.parent} is published without {RESULT}"


def _check_successes(project: Project, run: Run) -> None:
    """Check that each success was one, and that the run's outcome is that of its tasks."""
    noted = _notes(project)
    for task in run.tasks:
        for attempt in task.attempts:
            notes = noted.get((task.task_id, attempt.number))
            if attempt.outcome is Outcome.SUCCESS and notes is not None:
                assert DONE in notes, f"{task.task_id}, attempt {attempt.number} is no success"
    succeeded = {task.outcome for task in run.tasks} == {Outcome.SUCCESS}
    assert succeeded or run.outcome is not Outcome.SUCCESS, (
        "the run is a success, and not all of its tasks are"
    )
    assert read_run(project.runs[-1]) == run, "the record changes after the run's end"


def _notes(project: Project) -> Notes:
    """Return what each attempt has noted; a note without its newline counts for nothing."""
    found: Notes = {}
    for file in (project.path / "noted").glob("*"):
        task_id, _, attempt = file.name.partition(".attempt-")
        whole, _, _ = file.read_text(encoding="utf-8").rpartition("\n")
        if whole:
            found[task_id, int(attempt)] = whole.splitlines()
    return found


def _ends_within(project: Project, timeout_s: float) -> bool:
    end = time.monotonic() + timeout_s
    while processes_of(project.path):
        if time.monotonic() >= end:
            return False
        time.sleep(0.02)
    return True


def _described(process: int) -> str:
    try:
        command = Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        command = "has ended"
    return f"{process} {command[:200]}"
