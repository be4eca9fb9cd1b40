"""The kinds of previews, and the previews of a task and of a run."""

from collections.abc import Iterable
from dataclasses import dataclass

from nightbook.record.format.model import Task
from nightbook.tracker.output.record_files import RecordFiles
from nightbook.tracker.output.urls import RunPaths
from nightbook.tracker.previews import csv_table, figures, onnx
from nightbook.tracker.previews.kind import LoggedFile, PreviewKind

# In the order in which they stand on a page; an artifact may be shown by several.
KINDS = (
    onnx.KIND,
    figures.KIND,
    csv_table.KIND,
)


@dataclass(frozen=True, slots=True)
class TaskPreviews:
    """The previews of one kind that a task's last attempt has; there is at least one."""

    kind: PreviewKind
    task: Task
    views: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class RunPreviews:
    """The previews of one kind on a run's page; ``left_out`` more are on the pages of their tasks only."""

    kind: PreviewKind
    tasks: tuple[TaskPreviews, ...]
    left_out: int


def task_previews(task: Task, files: RecordFiles, paths: RunPaths) -> tuple[TaskPreviews, ...]:
    """Return the previews of the task's last attempt, by kind."""
    attempt = task.last_attempt
    if attempt is None:
        return ()
    logged = [
        LoggedFile(artifact, files, paths.artifact(task.task_id, attempt.number, artifact.name))
        for artifact in attempt.artifacts
    ]
    found = (TaskPreviews(kind, task, _views(kind, logged)) for kind in KINDS)
    return tuple(previews for previews in found if previews.views)


def _views(kind: PreviewKind, logged: Iterable[LoggedFile]) -> tuple[object, ...]:
    built = (kind.build(file) for file in logged if kind.matches(file.artifact))
    return tuple(view for view in built if view is not None)


class RunPageCollector:
    """Keeps the first previews of each kind for a run's page, so that never all of a run are in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, list[TaskPreviews]] = {kind.name: [] for kind in KINDS}
        self._left: dict[str, int] = {kind.name: kind.most_on_run_page for kind in KINDS}
        self._left_out: dict[str, int] = dict.fromkeys(self._kept, 0)

    def add(self, previews: Iterable[TaskPreviews]) -> None:
        """Add the previews of the run's next task."""
        for each in previews:
            name = each.kind.name
            kept = each.views[: self._left[name]]
            self._left[name] -= len(kept)
            self._left_out[name] += len(each.views) - len(kept)
            if kept:
                self._kept[name].append(TaskPreviews(each.kind, each.task, kept))

    def previews(self) -> tuple[RunPreviews, ...]:
        """Return the previews for the run's page, by kind."""
        return tuple(
            RunPreviews(kind, tuple(self._kept[kind.name]), self._left_out[kind.name])
            for kind in KINDS
            if self._kept[kind.name]
        )
