"""What ``--json`` prints, as docs/reference/cli.md describes it. Names are added, and never changed.

Times are UTC in ISO 8601, durations in seconds. What JSON has no number for is a string: "NaN", "Infinity"
and "-Infinity".
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from nightbook.record.format.model import Error, Run, Task, TaskKind
from nightbook.record.format.units import NS_PER_S
from nightbook.record.gate import Comparison, overall
from nightbook.record.render.comparison import verdict_line
from nightbook.record.render.json_document import json_document
from nightbook.record.render.run_status import RunStatus
from nightbook.record.render.times import iso_time


def runs_json(runs: Iterable[tuple[Run, bool]], folder: Path) -> str:
    """Return the runs in ``folder``, each with True if it is going on, as JSON text."""
    return json_document(runs=[_run(run, running, folder / run.run_id) for run, running in runs])


def run_json(run: Run, running: bool, path: Path) -> str:  # noqa: FBT001 a fact about the run, as in run_table
    """Return the run, whose record is in ``path``, as JSON text."""
    return json_document(**_run(run, running, path))


def gate_json(run_id: str, comparisons: Sequence[Comparison]) -> str:
    """Return the gate's verdict on a run as JSON text."""
    return json_document(
        run_id=run_id,
        verdict=overall(comparisons),
        summary=verdict_line(comparisons),
        comparisons=[_comparison(each) for each in comparisons],
    )


def _run(run: Run, running: bool, path: Path) -> dict[str, object]:  # noqa: FBT001 as above
    status = RunStatus(run, running)
    return {
        "run_id": run.run_id,
        "outcome": status.outcome,
        "pipeline": run.pipeline,
        "start": iso_time(run.start_ns),
        "end": None if running else iso_time(run.end_ns),
        "duration_s": _seconds(run.end_ns - run.start_ns),
        "branch": run.provenance.branch,
        "revision": run.provenance.revision,
        "path": str(path),
        "problems": list(run.problems),
        "tasks": [_task(task, status) for task in run.tasks],
    }


def _task(task: Task, status: RunStatus) -> dict[str, object]:
    last = task.last_attempt
    return {
        "task_id": task.task_id,
        "outcome": status.task_outcome(task),
        "attempts": len(task.attempts),
        "duration_s": _seconds(task.duration_ns),
        "metrics": task.metrics,
        "error": _error(last.error) if last and last.error else None,
        "notebook": str(last.notebook) if last and task.kind is TaskKind.NOTEBOOK else None,
    }


def _error(error: Error) -> dict[str, str]:
    return {"type": error.type, "message": error.message}


def _comparison(comparison: Comparison) -> dict[str, object]:
    return {
        "task_id": comparison.task_id,
        "metric": comparison.goal.metric,
        "better": comparison.goal.better,
        "tolerance": comparison.goal.tolerance,
        "verdict": comparison.verdict,
        "value": comparison.value,
        "latest": comparison.latest,
        "median": comparison.median,
        "difference": comparison.difference,
        "band": comparison.band,
        "nr_runs": comparison.nr_runs,
    }


def _seconds(ns: int) -> float:
    return round(max(ns, 0) / NS_PER_S, 3)
