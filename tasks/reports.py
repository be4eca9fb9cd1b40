"""The derived texts of a run record, made from the record alone."""

from collections.abc import Sequence

from tasks.runlog.errors import RecordError
from tasks.runlog.layout import RunFolder
from tasks.runlog.model import Run
from tasks.runlog.render.mermaid import dag_diagram, gantt_diagram
from tasks.runlog.render.summary import summary


def write_reports(folder: RunFolder, run: Run, metrics: Sequence[str]) -> None:
    """Write ``report/``; ``metrics`` are the ones to show first."""
    texts = {
        "dag.mmd": dag_diagram(run),
        "gantt.mmd": gantt_diagram(run),
        "summary.md": summary(run, metrics),
    }
    try:
        folder.report.mkdir(exist_ok=True)
        for name, text in texts.items():
            part = folder.report / f".{name}.part"
            part.write_text(text, encoding="utf-8")
            part.replace(folder.report / name)
    except OSError as error:
        raise RecordError(
            f"cannot write the reports in {folder.report}: {error.strerror}. The record itself is whole; "
            f"free some space, then `python -m tasks report {run.run_id}`."
        ) from error
