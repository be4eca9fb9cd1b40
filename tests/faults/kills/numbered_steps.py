"""What each task of the disturbed pipeline does: it logs numbers, and notes each one that it has logged.

The notes are the oracle: they are on the disk, with ``fsync``, when the number after them is logged.
"""

import os
import time
from pathlib import Path

import nightbook

STEPS = 6
STEP_S = 0.05
BEGUN, DONE = "begun", "done"
RESULT = "result.txt"
LAST_LINE = "the end\n"
NOTES = "NIGHTBOOK_TEST_NOTES"


def logged_name(number: int) -> str:
    """The name under which a number is logged."""
    return f"step_{number:02d}"


def do_steps(task: str, output_dir: Path, before: str = "") -> None:
    """Log each number, note it, and write it into the task's result, which is whole at the end only."""
    attempt = Path(output_dir).parent.name
    notes = os.open(Path(os.environ[NOTES]) / f"{task}.{attempt}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    _note(notes, BEGUN)
    with (Path(output_dir) / RESULT).open("w", buffering=1, encoding="utf-8") as result:
        result.write(before)
        for number in range(STEPS):
            nightbook.log_metric(logged_name(number), number)
            _note(notes, str(number))
            result.write(f"{task} {number}\n")
            time.sleep(STEP_S)
        result.write(LAST_LINE)
    _note(notes, DONE)
    os.close(notes)


def _note(file: int, text: str) -> None:
    os.write(file, f"{text}\n".encode())
    os.fsync(file)
