"""The attempt that this process is part of, told through its environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from opentelemetry.trace import SpanContext

from nightbook.record.format.layout import AttemptFolder, RunFolder
from nightbook.record.write.tracing import from_traceparent, to_traceparent

_RUN = "NIGHTBOOK_RUN"
_TASK = "NIGHTBOOK_TASK"
_ATTEMPT = "NIGHTBOOK_ATTEMPT"
_TRACEPARENT = "TRACEPARENT"


@dataclass(frozen=True, slots=True)
class ActiveAttempt:
    """Where the notebook's process belongs: its attempt's folder and span."""

    folder: AttemptFolder
    span: SpanContext

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
        """Which attempt of the task this is, from 1."""
        return self.folder.number


def to_environment(active: ActiveAttempt) -> dict[str, str]:
    """The variables that make a process part of the attempt."""
    return {
        _RUN: str(active.folder.task.run.path.absolute()),
        _TASK: active.task_id,
        _ATTEMPT: str(active.number),
        _TRACEPARENT: to_traceparent(active.span),
    }


def from_environment(environment: Mapping[str, str]) -> ActiveAttempt | None:
    """The attempt that these variables tell of, if they do."""
    if _RUN not in environment:
        return None
    run = RunFolder(Path(environment[_RUN]))
    folder = run.task(environment[_TASK]).attempt(int(environment[_ATTEMPT]))
    return ActiveAttempt(folder, from_traceparent(environment[_TRACEPARENT]))


@cache
def active_attempt() -> ActiveAttempt | None:
    """The attempt that this process is part of; None outside a run."""
    return from_environment(os.environ)
