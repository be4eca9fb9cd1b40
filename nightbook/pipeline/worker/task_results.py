"""Replaces the queue in which Luigi's worker collects the results of its tasks."""

from collections import deque
from collections.abc import Callable, Iterable
from multiprocessing import connection
from typing import Any, Protocol, TypeAlias

TaskResult: TypeAlias = tuple[str, str, str, list[str], list[str]]
"""Luigi's own tuple: the task's id, its status, an explanation, missing tasks, new requirements."""


class ResultSource(Protocol):
    """Something that has one result when it ends."""

    @property
    def sentinel(self) -> int | None:
        """A file descriptor that is readable once there may be a result, or None."""

    def result(self) -> TaskResult | None:
        """Return the result, once; None before and afterwards. Never waits."""


class TaskResults:
    """Takes results from the processes of Luigi's tasks, from this process, and from running attempts.

    It waits for all of them at once, so that the end of any is noticed at once.
    """

    def __init__(self, processes: Any, sources: Callable[[], Iterable[ResultSource]]) -> None:
        """Read Luigi's queue, to which the processes of its tasks write, and what ``sources`` returns."""
        self._processes = processes
        self._sources = sources
        self._received: deque[TaskResult] = deque()

    def put(self, result: TaskResult) -> None:
        """Add a result that this process has found out, such as that of a process that died."""
        self._received.append(result)

    def may_have(self, task_id: str) -> bool:
        """Return False if nothing that has been handed on until now can be the task's result."""
        return not self._processes.empty() or any(result[0] == task_id for result in self._received)

    def get(self, timeout: float) -> TaskResult:
        """Return the next result. Raise queue.Empty if there is none within ``timeout`` seconds."""
        if not self._collect():
            self._wait(timeout)
            self._collect()
        if self._received:
            return self._received.popleft()
        result: TaskResult = self._processes.get_nowait()
        return result

    def close(self) -> None:
        """Close the queue of Luigi's task processes."""
        self._processes.close()

    def _collect(self) -> bool:
        """Take the results of all sources that have one; return True if any result is known now."""
        results = (source.result() for source in self._sources())
        self._received.extend(result for result in results if result is not None)
        return bool(self._received)

    def _wait(self, timeout: float) -> None:
        reader = self._processes._reader  # noqa: SLF001 concurrent.futures waits for it in the same way
        sentinels = {source.sentinel for source in self._sources()}  # handles of an engine may share one
        connection.wait([reader, *(one for one in sentinels if one is not None)], timeout)
