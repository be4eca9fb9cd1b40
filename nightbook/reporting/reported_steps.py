"""What the running attempts of a run say about how far they are."""

from collections.abc import Iterator, Sequence

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.reported_progress import ReportedProgress
from nightbook.record.read.live import AttemptEnded, AttemptStarted, Event
from nightbook.record.read.progress_file import ProgressFile


class ReportedSteps:
    """The files of the attempts that events have begun and not ended."""

    def __init__(self, run: RunFolder) -> None:
        self._run = run
        self._files: dict[AttemptStarted, ProgressFile] = {}

    def after(self, events: Sequence[Event]) -> Iterator[tuple[AttemptStarted, ReportedProgress]]:
        """Yield what running attempts have reported since the last call."""
        for event in events:
            if isinstance(event, AttemptStarted):
                folder = self._run.task(event.task_id).attempt(event.number)
                self._files[event] = ProgressFile(folder.progress_file)
            elif isinstance(event, AttemptEnded):
                self._files.pop(event.attempt, None)
        for attempt, file in self._files.items():
            reported = file.news()
            if reported is not None:
                yield attempt, reported
