"""The attempts of a run as bars on a time axis: across it in percent, down the page in pixels."""

from dataclasses import dataclass

from nightbook.record.format.model import Attempt, Run, Task
from nightbook.tracker.drawings.axis import Tick, percent, time_ticks

_ROW_HEIGHT, _BAR_HEIGHT = 38, 12
_AXIS_HEIGHT, _GAP_ABOVE_AXIS, _GAP_BELOW_AXIS = 24, 4, 5
_NAME_Y, _BAR_Y, _LABEL_Y = 14, 19, 29  # within a row; those of texts are their baselines
_LATE = 80  # percent; a label that would begin behind it ends before the bar's end
_LEAST_WIDTH = 0.3


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
    """One task: its name, and below it the bars with their labels; ``y`` is the row's top."""

    task: Task
    y: int
    bars: tuple[Bar, ...]

    @property
    def name_y(self) -> int:
        """The baseline of the task's name, and of a late bar's label."""
        return self.y + _NAME_Y

    @property
    def bar_y(self) -> int:
        """The top of the bars."""
        return self.y + _BAR_Y

    @property
    def label_y(self) -> int:
        """The baseline of the labels beside and inside the bars."""
        return self.y + _LABEL_Y


@dataclass(frozen=True, slots=True)
class Timeline:
    """All attempted tasks in order of their first attempt; the axis begins with the run."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    bar_height: int = _BAR_HEIGHT

    @property
    def height(self) -> int:
        """The height of the drawing."""
        return len(self.rows) * _ROW_HEIGHT + _AXIS_HEIGHT

    @property
    def grid_height(self) -> int:
        """Where the vertical lines of the ticks end."""
        return len(self.rows) * _ROW_HEIGHT + _GAP_ABOVE_AXIS

    @property
    def axis_y(self) -> int:
        """The baseline of the ticks' labels."""
        return self.height - _GAP_BELOW_AXIS


def timeline(run: Run) -> Timeline:
    """Return the run's timeline."""
    tasks = sorted((task for task in run.tasks if task.attempts), key=lambda task: task.attempts[0].start_ns)
    attempts = [attempt for task in tasks for attempt in task.attempts]
    start_ns = min([run.start_ns, *(attempt.start_ns for attempt in attempts)])
    length_ns = max([run.end_ns, *(attempt.end_ns for attempt in attempts)]) - start_ns or 1
    rows = tuple(
        Row(task, index * _ROW_HEIGHT, tuple(_bar(attempt, start_ns, length_ns) for attempt in task.attempts))
        for index, task in enumerate(tasks)
    )
    return Timeline(rows, time_ticks(length_ns))


def _bar(attempt: Attempt, start_ns: int, length_ns: int) -> Bar:
    x = percent(attempt.start_ns - start_ns, length_ns)
    width = max(percent(attempt.end_ns - attempt.start_ns, length_ns), _LEAST_WIDTH)
    late = x + width > _LATE
    return Bar(attempt, x, width, label_x=min(x + width, 100), late=late)
