"""A run's tasks and attempts as Mermaid diagrams, within GitHub's bounds.

Syntax: https://mermaid.js.org/syntax/flowchart.html and https://mermaid.js.org/syntax/gantt.html
"""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from textwrap import wrap

from nightbook.record.format.model import Attempt, Outcome, Run, Task
from nightbook.record.format.units import NS_PER_MS
from nightbook.record.render.durations import format_duration
from nightbook.record.render.mermaid_text import configure, escape, fit, join_lines
from nightbook.record.render.plain_text import counted, one_line, outcome_text, parameters_text
from nightbook.record.render.time_axis import time_axis

MAX_EDGES = 500  # GitHub's and Mermaid's own bound (maxEdges)
_NODE_LINE, _TITLE_LINE = 30, 40  # characters

# Dark text on a pale ground reads the same in GitHub's light and dark themes.
_STYLES = {
    Outcome.SUCCESS: "fill:#dafbe1,stroke:#1a7f37,color:#0b3d1b",
    Outcome.FAILURE: "fill:#ffebe9,stroke:#cf222e,color:#67060c",
    Outcome.TIMEOUT: "fill:#fff1e5,stroke:#bc4c00,color:#5c2200",
    Outcome.INTERRUPTED: "fill:#fbefff,stroke:#8250df,color:#3e1f79",
    Outcome.NOT_RUN: "fill:#f6f8fa,stroke:#818b98,color:#25292e,stroke-dasharray:5 4",
    Outcome.REMOVED: "fill:#ffffff,stroke:#d1d9e0,color:#59636e,stroke-dasharray:2 4",
}
_GANTT_COLOURS = {
    "taskBkgColor": "#dafbe1",
    "taskBorderColor": "#1a7f37",
    "critBkgColor": "#ffebe9",
    "critBorderColor": "#cf222e",
    "taskTextColor": "#25292e",
    "sectionBkgColor": "#818b98",
    "sectionBkgColor2": "#818b98",
}


def dag_diagram(run: Run) -> str:
    """Return the tasks and their dependencies as a Mermaid flowchart.

    If a run is too large, tasks that failed are kept before others.
    """
    by_interest = sorted(run.tasks, key=lambda task: not task.outcome.failed)

    def render(label_limit: int, count: int) -> str:
        kept = {task.task_id for task in by_interest[:count]}
        return _dag([task for task in run.tasks if task.task_id in kept], len(run.tasks) - count, label_limit)

    return fit(render, len(run.tasks))


def gantt_diagram(run: Run) -> str:
    """Return the attempts as a Mermaid Gantt chart: a section for each task, a bar for each attempt.

    Mermaid writes the axis in the time zone of the reader.
    """
    tasks = sorted((task for task in run.tasks if task.attempts), key=lambda task: task.attempts[0].start_ns)
    bars = [(task, attempt) for task in tasks for attempt in task.attempts]
    return fit(lambda label_limit, count: _gantt(bars[:count], len(bars) - count, label_limit), len(bars))


def _dag(tasks: Sequence[Task], left_out: int, label_limit: int) -> str:
    ids = {task.task_id: f"n{number}" for number, task in enumerate(tasks)}  # `end` as an id breaks Mermaid
    edges = [
        f"{ids[needed]} --> {ids[task.task_id]}"
        for task in tasks
        for needed in task.depends_on
        if needed in ids
    ]
    return join_lines(
        # Our lines are broken already; Mermaid would break them again, at 200 pixels.
        configure(flowchart={"wrappingWidth": 400}),
        "flowchart LR",
        *(f'  {ids[task.task_id]}["{_label(task, label_limit)}"]:::{_class(task.outcome)}' for task in tasks),
        *(f"  {edge}" for edge in edges[:MAX_EDGES]),
        *_note("more_tasks", left_out, "more task"),
        *_note("more_edges", len(edges) - MAX_EDGES, "more dependency arrow"),
        *(f"  classDef {_class(outcome)} {_STYLES[outcome]}" for outcome in _styled(tasks)),
    )


def _styled(tasks: Sequence[Task]) -> list[Outcome]:
    """Return the outcomes to define a style for; few runs have removed tasks."""
    has_removed = any(task.removed for task in tasks)
    return [outcome for outcome in _STYLES if outcome is not Outcome.REMOVED or has_removed]


def _label(task: Task, label_limit: int) -> str:
    texts = (
        one_line(task.name, label_limit),
        one_line(parameters_text(task), label_limit),
        f"retry_count={task.retry_count}, num_cpus={task.num_cpus}, timeout_s={task.timeout_s:g}",
        f"{outcome_text(task.outcome)}, {counted(len(task.attempts), 'attempt')}",
    )
    return "<br>".join(escape(line) for text in texts for line in wrap(text, _NODE_LINE))


def _class(outcome: Outcome) -> str:
    return outcome.replace(" ", "_")


def _note(node: str, count: int, noun: str) -> list[str]:
    return [f'  {node}["{_left_out(count, noun)}"]'] if count > 0 else []


def _left_out(count: int, noun: str) -> str:
    return escape(f"… {counted(count, noun)} left out")


def _gantt(bars: Sequence[tuple[Task, Attempt]], left_out: int, label_limit: int) -> str:
    first_ns = min((attempt.start_ns for _, attempt in bars), default=0)
    length_ns = max((attempt.end_ns for _, attempt in bars), default=0) - first_ns
    interval, axis_format = time_axis(length_ns)
    sections: list[str] = []
    limit, widest = min(label_limit, _TITLE_LINE), 0
    # The number keeps titles apart: Mermaid merges sections that are called alike.
    for number, (task, group) in enumerate(groupby(bars, key=itemgetter(0)), start=1):
        title = [one_line(text, limit) for text in (f"{number}. {task.name}", parameters_text(task))]
        widest = max(widest, *map(len, title))
        sections.append(f"  section {'<br>'.join(escape(line) for line in title if line)}")
        sections += [f"  {_bar(attempt, length_ns)}" for _, attempt in group]
    return join_lines(
        configure(
            gantt={"leftPadding": 20 + 6 * widest, "barHeight": 24, "barGap": 8},
            themeVariables=_GANTT_COLOURS,
        ),
        "gantt",
        *([f"  title {_left_out(left_out, 'more attempt')}"] if left_out else []),
        "  dateFormat x",
        f"  axisFormat {axis_format}",
        f"  tickInterval {interval}",
        "  todayMarker off",
        *sections,
    )


def _bar(attempt: Attempt, length_ns: int) -> str:
    duration = format_duration(attempt.end_ns - attempt.start_ns)
    label = f"attempt {attempt.number} {outcome_text(attempt.outcome)}, {duration}"
    shortest_ns = max(length_ns // 400, NS_PER_MS)  # less than about a pixel is not drawn
    start_ms = attempt.start_ns // NS_PER_MS
    end_ms = max(attempt.end_ns, attempt.start_ns + shortest_ns) // NS_PER_MS
    return f"{escape(label)} :{'crit, ' if attempt.outcome.failed else ''}{start_ms}, {end_ms}"
