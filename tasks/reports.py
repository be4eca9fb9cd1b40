"""The derived files of a run record, made from the record alone."""

from collections.abc import Sequence

import nbformat

from tasks.html import notebook_to_html
from tasks.runlog.errors import RecordError
from tasks.runlog.files import write_text
from tasks.runlog.gate import Comparison
from tasks.runlog.layout import RunFolder
from tasks.runlog.model import Run
from tasks.runlog.render.mermaid import dag_diagram, gantt_diagram
from tasks.runlog.render.summary import summary


def write_reports(
    folder: RunFolder, run: Run, metrics: Sequence[str], comparisons: Sequence[Comparison] | None = None
) -> None:
    """Write ``report/``, and the pages of notebooks whose process was killed before it could.

    ``metrics`` are the ones to show first, ``comparisons`` what the gate says of the run. RecordError
    if something cannot be written.
    """
    texts = {
        "dag.mmd": dag_diagram(run),
        "gantt.mmd": gantt_diagram(run),
        "summary.md": summary(run, metrics, comparisons),
    }
    try:
        for name, text in texts.items():
            write_text(folder.report / name, text)
        for attempt in (attempt for task in run.tasks for attempt in task.attempts):
            notebook, page = folder.path / attempt.notebook, folder.path / attempt.html
            if notebook.is_file() and not page.is_file():
                write_text(page, notebook_to_html(nbformat.read(notebook, as_version=4)))
    except OSError as error:
        raise RecordError(
            f"cannot write the reports in {folder.report}: {error.strerror}. The record itself is whole; "
            f"free some space, then `python -m tasks report {run.run_id}`."
        ) from error
