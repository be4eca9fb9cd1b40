"""Writes the derived files of a run record, from the record alone."""

from collections.abc import Sequence

from nightbook.record.format.errors import RecordError
from nightbook.record.format.files import write_text
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Run
from nightbook.record.gate import Comparison
from nightbook.record.render.mermaid import dag_diagram, gantt_diagram
from nightbook.record.render.summary import summary
from nightbook.reporting.notebook_pages import make_missing_pages


def write_reports(
    folder: RunFolder, run: Run, metrics: Sequence[str], comparisons: Sequence[Comparison] | None = None
) -> None:
    """Write ``report/``, and the missing pages of notebooks.

    ``metrics`` are shown first, ``comparisons`` are the gate's. Raise RecordError if something cannot be
    written.
    """
    texts = {
        "dag.mmd": dag_diagram(run),
        "gantt.mmd": gantt_diagram(run),
        "summary.md": summary(run, metrics, comparisons),
    }
    try:
        for name, text in texts.items():
            write_text(folder.report / name, text)
        make_missing_pages(folder, run)
    except OSError as error:
        raise RecordError(
            f"cannot write the reports in {folder.report}: {error.strerror}. The record itself is complete; "
            f"free some space, then `nightbook report {run.run_id}`."
        ) from error
