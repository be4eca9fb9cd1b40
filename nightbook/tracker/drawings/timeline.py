"""When the attempts of a run began and ended, as bars on a time axis. Positions are percentages."""

from dataclasses import dataclass

from nightbook.record.format.model import Attempt, Run, Task
from nightbook.record.render.durations import format_duration

ROW_HEIGHT, BAR_HEIGHT = 38, 12
_AXIS_HEIGHT = 24
_MOST_TICKS = 7
_LATE = 80  # percent; a label that would begin behind it ends before the bar's end
_LEAST_WIDTH = 0.3
_SECOND = 1_000_000_000
_STEPS_S = (
    0.001,
    0.01,
    0.1,
    0.5,
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    1800,
    3600,
    7200,
    21600,
    86400,
    604800,
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One attempt; ``label_x`` is where its duration stands, ``late`` if it ends there."""

    attempt: Attempt
    x: float
    width: float
    label_x: float
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One task; ``y`` is the row's top, in pixels."""

    task: Task
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the time axis."""

    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """All attempted tasks in order of their first attempt; the axis begins with the run."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    height: int


def timeline(run: Run) -> Timeline:
    """The run's timeline."""
    tasks = sorted((task for task in run.tasks if task.attempts), key=lambda task: task.attempts[0].start_ns)
    attempts = [attempt for task in tasks for attempt in task.attempts]
    start_ns = min([run.start_ns, *(attempt.start_ns for attempt in attempts)])
    length_ns = max([run.end_ns, *(attempt.end_ns for attempt in attempts)]) - start_ns or 1
    rows = tuple(
        Row(task, index * ROW_HEIGHT, tuple(_bar(attempt, start_ns, length_ns) for attempt in task.attempts))
        for index, task in enumerate(tasks)
    )
    return Timeline(rows, _ticks(length_ns), len(rows) * ROW_HEIGHT + _AXIS_HEIGHT)


def _bar(attempt: Attempt, start_ns: int, length_ns: int) -> Bar:
    x = _percent(attempt.start_ns - start_ns, length_ns)
    width = max(_percent(attempt.end_ns - attempt.start_ns, length_ns), _LEAST_WIDTH)
    late = x + width > _LATE
    return Bar(attempt, x, width, label_x=min(x + width, 100), late=late)


def _ticks(length_ns: int) -> tuple[Tick, ...]:
    length_s = length_ns / _SECOND
    step_s = next((step for step in _STEPS_S if length_s / step <= _MOST_TICKS), length_s / _MOST_TICKS)
    count = int(length_s / step_s)
    return tuple(
        Tick(_percent(int(index * step_s * _SECOND), length_ns), _offset(index * step_s))
        for index in range(count + 1)
    )


def _offset(seconds: float) -> str:
    return "0" if seconds == 0 else format_duration(round(seconds * _SECOND)).replace(".0 s", " s")


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 3)
