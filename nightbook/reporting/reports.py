"""The derived files of a run record, made from the record alone."""

from collections.abc import Sequence

from tasks.pages import make_missing_pages
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
    """Write ``report/``, and the pages of notebooks that have none yet.

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
        make_missing_pages(folder, run)
    except OSError as error:
        raise RecordError(
            f"cannot write the reports in {folder.report}: {error.strerror}. The record itself is whole; "
            f"free some space, then `python -m tasks report {run.run_id}`."
        ) from error
