"""The outcomes of a run as they are at this moment: what has no end yet may still be running."""

from dataclasses import dataclass

from nightbook.record.format.model import Attempt, Outcome, Run, Task

RUNNING = "running"
UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class RunStatus:
    """A run, and whether its process is still alive: if so, what has no end is *running*, not interrupted."""

    run: Run
    running: bool

    @property
    def outcome(self) -> str:
        """The run's outcome, or *running*."""
        return RUNNING if self.running else self.run.outcome

    def attempt_outcome(self, attempt: Attempt) -> str:
        """Return the attempt's outcome, or *running*; whose end was recorded, has an error."""
        open_ = attempt.outcome is Outcome.INTERRUPTED and attempt.error is None
        return RUNNING if self.running and open_ else attempt.outcome

    def duration_ns(self, task: Task, now_ns: int) -> int:
        """Return the time spent on the task's attempts, up to now if it is running."""
        last = task.last_attempt
        if last is None or self.task_outcome(task) != RUNNING:
            return task.duration_ns
        return task.duration_ns + max(now_ns - last.end_ns, 0)

    def task_outcome(self, task: Task) -> str:
        """Return the outcome of the task's last attempt, or *running*."""
        if task.removed or task.last_attempt is None:
            return task.outcome
        return self.attempt_outcome(task.last_attempt)
