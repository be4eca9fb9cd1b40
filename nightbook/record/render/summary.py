"""A run as GitHub-flavoured Markdown: ``report/summary.md`` and the job summary on GitHub."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias
from urllib.parse import quote

from nightbook.record.format.model import Outcome, Run, Task
from nightbook.record.format.units import NS_PER_S
from nightbook.record.gate import Comparison
from nightbook.record.render.comparison import comparison_table, verdict_line
from nightbook.record.render.durations import format_duration
from nightbook.record.render.failures import waiting_lines
from nightbook.record.render.markdown import LEFT, RIGHT, code, link, table
from nightbook.record.render.mermaid import dag_diagram, gantt_diagram
from nightbook.record.render.number_columns import format_numbers
from nightbook.record.render.plain_text import counted, outcome_text, parameters_text

Metrics: TypeAlias = Mapping[str, float]

_SHA_LENGTH = 10


def summary(run: Run, metrics: Sequence[str], comparisons: Sequence[Comparison] | None = None) -> str:
    """Return the run's summary, smaller than GitHub's limit of 1 MiB; ``metrics`` are shown first.

    ``comparisons`` are the gate's, or None if the gate was not run.
    """
    logged = [(task, task.metrics) for task in run.tasks]
    first = run.headline_metrics(metrics)
    attempted = any(task.attempts for task in run.tasks)
    sections = (
        _heading(run),
        " · ".join(_facts(run)),
        _section("Metrics against main", _against_main(comparisons)),
        _section("Tasks", _tasks(run)),
        _section("Failed attempts", _failed_attempts(run)),
        _section("Not finished", _unfinished(run)),
        _section("Metrics", _metrics(logged, first)),
        _folded("Other metrics", _other_metrics(logged, first)),
        _section("Dependencies", _diagram(dag_diagram(run)) if run.tasks else ""),
        _section("Attempts over time, in your time zone", _diagram(gantt_diagram(run)) if attempted else ""),
        _section("Problems with the record", table([("Problem", LEFT)], ([code(p)] for p in run.problems))),
        _further(run),
    )
    return "\n\n".join(section for section in sections if section) + "\n"


def _heading(run: Run) -> str:
    succeeded = sum(task.outcome is Outcome.SUCCESS for task in run.tasks)
    return (
        f"# {outcome_text(run.outcome)}: {succeeded:,} of {counted(len(run.current_tasks), 'task')} succeeded"
    )


def _facts(run: Run) -> Iterator[str]:
    origin = run.provenance
    repository = origin.repository_url.removesuffix("/").removesuffix(".git")
    start = datetime.fromtimestamp(run.start_ns // NS_PER_S, UTC)
    yield f"Pipeline {code(run.pipeline)}"
    yield f"run {code(run.run_id)}"
    yield f"started {start:%Y-%m-%d %H:%M:%S} UTC"
    yield f"took {format_duration(run.end_ns - run.start_ns)}"
    if run.invocations > 1:
        yield counted(run.invocations, "invocation")
    if origin.trigger:
        yield f"trigger {code(origin.trigger)}"
    if origin.branch:
        yield f"branch {code(origin.branch)}"
    if origin.revision:
        address = f"{repository}/commit/{quote(origin.revision, safe='', errors='replace')}"
        dirty = " with uncommitted changes" if origin.dirty else ""
        yield f"commit {link(code(origin.revision[:_SHA_LENGTH]), address)}{dirty}"
    if origin.pull_request:
        address = f"{repository}/pull/{quote(origin.pull_request, safe='', errors='replace')}"
        yield f"pull request {link(code(origin.pull_request), address)}"
    if origin.ci_run_url:
        yield link("CI run", origin.ci_run_url)


def _against_main(comparisons: Sequence[Comparison] | None) -> str:
    if comparisons is None:
        return ""
    return f"{verdict_line(comparisons)}\n\n{comparison_table(comparisons)}".rstrip()


def _tasks(run: Run) -> str:
    return table(
        [("Task", LEFT), ("Parameters", LEFT), ("Outcome", LEFT), ("Attempts", RIGHT), ("Duration", RIGHT)],
        (
            (
                code(task.name),
                code(parameters_text(task)),
                outcome_text(task.outcome),
                str(len(task.attempts)),
                _duration(task),
            )
            for task in run.tasks
        ),
    )


def _duration(task: Task) -> str:
    return format_duration(task.duration_ns) if task.attempts else ""


def _unfinished(run: Run) -> str:
    lines = () if run.outcome is Outcome.SUCCESS else waiting_lines(run)
    return "\n".join(f"- {code(line)}" for line in lines)


def _failed_attempts(run: Run) -> str:
    return table(
        [("Task", LEFT), ("Attempt", RIGHT), ("Outcome", LEFT), ("Error", LEFT)],
        (
            (
                _named(task),
                str(attempt.number),
                outcome_text(attempt.outcome),
                code(attempt.error.last_line, 300) if attempt.error else "",
            )
            for task in run.current_tasks
            for attempt in task.attempts
            if attempt.outcome.failed
        ),
    )


def _metrics(logged: Sequence[tuple[Task, Metrics]], names: Sequence[str]) -> str:
    shown = [(task, numbers) for task, numbers in logged if not numbers.keys().isdisjoint(names)]
    columns = [format_numbers([numbers.get(name) for _, numbers in shown]) for name in names]
    return table(
        [("Task", LEFT), *((code(name), RIGHT) for name in names)],
        ((_named(task), *cells) for (task, _), *cells in zip(shown, *columns, strict=True)),
    )


def _other_metrics(logged: Sequence[tuple[Task, Metrics]], names: Sequence[str]) -> str:
    """Return the other metrics, one a row: tasks rarely share them, so columns would be mostly empty."""
    return table(
        [("Task", LEFT), ("Metric", LEFT), ("Value", RIGHT)],
        (
            (_named(task), code(name), *format_numbers([number]))
            for task, numbers in logged
            for name, number in numbers.items()
            if name not in names
        ),
    )


def _further(run: Run) -> str:
    resume = "" if run.outcome is Outcome.SUCCESS else " To run what is missing: `make resume`."
    return f"To look further: {code(f'nightbook show {run.run_id}')}.{resume}"


def _named(task: Task) -> str:
    return f"{code(task.name)} {code(parameters_text(task))}".strip()


def _diagram(text: str) -> str:
    return f"```mermaid\n{text}```"


def _section(title: str, body: str) -> str:
    return f"## {title}\n\n{body}" if body else ""


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n\n</details>" if body else ""
