"""Why a task that has run is not complete."""

import luigi
from luigi.task import flatten


def why_incomplete(task: luigi.Task) -> str:
    """Return what is missing of a task that has run, with the mend, or an empty string if it is complete."""
    if task.complete():
        return ""
    for target in flatten(task.output()):
        if not target.exists():
            place = getattr(target, "path", target)
            return (
                f"output {place} does not exist after the task has run: write it there, or correct output()"
            )
    return "complete() is still returning false after the task has run: correct it"
