"""The text by which a search finds a run: its tasks, values and errors, and the text of its notebooks."""

import json
from pathlib import Path

from nightbook.record.format.model import Run
from nightbook.record.render.plain_text import parameters_text
from nightbook.tracker.output.record_files import RecordFiles

_MOST = 20_000  # characters of a run
_MOST_OF_NOTEBOOK = 4_000
_MAX_NOTEBOOK_BYTES = 20_000_000


def search_text(run: Run, files: RecordFiles) -> str:
    """Return the text, which begins with the run's name and is clipped; no line is in it twice."""
    origin = run.provenance
    lines = [
        run.run_id,
        run.pipeline,
        run.outcome,
        origin.branch,
        origin.revision,
        origin.actor,
        origin.trigger,
    ]
    lines += [f"{task.name} {parameters_text(task)} {task.outcome}" for task in run.tasks]
    for task in run.tasks:
        for attempt in task.attempts:
            if attempt.error:
                lines.append(f"{attempt.error.type}: {attempt.error.message}")
            lines += [artifact.name for artifact in attempt.artifacts]
            lines += dict.fromkeys(value.name for value in attempt.values)
    for task in run.tasks:
        notebook = files.find(task.attempts[-1].notebook) if task.attempts else None
        if notebook:
            lines.append(_notebook_text(notebook))
    return "\n".join(line for line in dict.fromkeys(lines) if line)[:_MOST]


def _notebook_text(file: Path) -> str:
    """Return the Markdown cells: code says little to a search, and there is too much output."""
    if file.stat().st_size > _MAX_NOTEBOOK_BYTES:
        return ""
    try:
        cells = json.loads(file.read_bytes())["cells"]
        texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    except (ValueError, KeyError, TypeError, RecursionError):  # it was never a notebook
        return ""
    return "\n".join(texts)[:_MOST_OF_NOTEBOOK]
