"""The attempt that this process is part of: variables of the environment name it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from opentelemetry.trace import SpanContext

from nightbook.clock import Clock, clock_from_text, process_clock
from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.write.span_context import from_traceparent, to_traceparent

RUN_VARIABLE = "NIGHTBOOK_RUN"
_TASK = "NIGHTBOOK_TASK"
_ATTEMPT = "NIGHTBOOK_ATTEMPT"
_CLOCK = "NIGHTBOOK_CLOCK"
_TRACEPARENT = "TRACEPARENT"


@dataclass(frozen=True, slots=True)
class ActiveAttempt:
    """The folder, the span and the clock of the attempt that a process is part of."""

    folder: AttemptFolder
    span: SpanContext
    clock: Clock = field(default_factory=process_clock)

    @property
    def run_id(self) -> str:
        """The run's id."""
        return self.folder.task.run.run_id

    @property
    def task_id(self) -> str:
        """The task's id."""
        return self.folder.task.task_id

    @property
    def number(self) -> int:
        """The number of the attempt among those of its task, from 1."""
        return self.folder.number


def to_environment(active: ActiveAttempt) -> dict[str, str]:
    """Return the environment variables that make a process part of the attempt."""
    return {
        RUN_VARIABLE: str(active.folder.task.run.path.absolute()),
        _TASK: active.task_id,
        _ATTEMPT: str(active.number),
        _CLOCK: active.clock.to_text(),
        _TRACEPARENT: to_traceparent(active.span),
    }


def from_environment(environment: Mapping[str, str]) -> ActiveAttempt | None:
    """Return the attempt that these variables name, or None if they name none."""
    if RUN_VARIABLE not in environment:
        return None
    run = RunFolder(Path(environment[RUN_VARIABLE]))
    folder = run.task(environment[_TASK]).attempt(int(environment[_ATTEMPT]))
    clock = clock_from_text(environment.get(_CLOCK, ""))
    return ActiveAttempt(folder, from_traceparent(environment[_TRACEPARENT]), clock)


@cache
def active_attempt() -> ActiveAttempt | None:
    """Return the attempt that this process is part of, or None outside a run.

    Its ``run_id``, ``task_id`` and ``number`` say which one it is, and ``folder`` where it lies. Raise
    RecordError if the variable TRACEPARENT was changed to something else.

    Example:
        >>> import nightbook
        >>> attempt = nightbook.active_attempt()
        >>> "opened by hand" if attempt is None else f"attempt {attempt.number} of {attempt.task_id}"
        'opened by hand'

    """
    return from_environment(os.environ)
