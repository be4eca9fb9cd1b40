"""All pages and files of one run, made from its record alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Attempt, LoggedValue, Outcome, Run, Task, TaskKind, ValueType
from nightbook.record.format.reported_progress import read_progress
from nightbook.record.read.otlp_document import otlp_document
from nightbook.record.render.failures import waiting_lines
from nightbook.record.render.json_document import json_document
from nightbook.record.render.run_status import RUNNING, RunStatus
from nightbook.tracker.data.metric_table import metric_table
from nightbook.tracker.data.run_data import Series, data_sha256, run_data, series_of
from nightbook.tracker.data.run_entry import RunEntry
from nightbook.tracker.drawings.dag_layout import lay_out
from nightbook.tracker.drawings.line_chart import LineChart, line_chart
from nightbook.tracker.drawings.timeline import timeline
from nightbook.tracker.output.output_tree import put_file, remove_others, write_page
from nightbook.tracker.output.record_files import RecordFiles, write_archive
from nightbook.tracker.output.urls import RunPaths
from nightbook.tracker.pages.renderer import Pages
from nightbook.tracker.pages.stages import stage
from nightbook.tracker.previews.notebook import read_fragment
from nightbook.tracker.previews.plain_text import read_end, read_start
from nightbook.tracker.previews.registry import RunPageCollector, TaskPreviews, task_previews

MOST_VALUES = 200  # of one attempt's page; all are in the data
MOST_TASKS = 300


@dataclass(frozen=True, slots=True)
class RunPages:
    """Makes the pages of one run."""

    pages: Pages
    status: RunStatus
    entry: RunEntry
    files: RecordFiles
    metrics: Sequence[str]

    @property
    def _run(self) -> Run:
        return self.status.run

    @property
    def _paths(self) -> RunPaths:
        return RunPaths(self._run.run_id)

    def write(self) -> tuple[str, ...]:
        """Write all pages and files; return their paths."""
        with stage("files"):
            carried = self._put_files()
        with stage("downloads"):
            written = [*carried, *self._write_downloads()]
        with stage("pages"):
            written += self._write_pages(carried)
        with stage("data"):
            data = json_document(self.entry, run_data(self.status, carried))
            write_page(self.pages.output / self._paths.data, data)
        output = self.pages.output
        remove_others(output / self._paths.folder, {output / path for path in written})
        return (*written, self._paths.data)

    def _put_files(self) -> set[str]:
        """Put the notebooks and artifacts that the site may carry in place; return their paths."""
        carried = set()
        for task, attempt in self._attempts():
            wanted = {self._paths.notebook(task.task_id, attempt.number): attempt.notebook}
            for artifact in attempt.artifacts:
                wanted[self._paths.artifact(task.task_id, attempt.number, artifact.name)] = artifact.path
            for path, recorded in wanted.items():
                source = self.files.find_carried(recorded)
                if source:
                    put_file(source, self.pages.output / path)
                    carried.add(path)
        return carried

    def _write_downloads(self) -> list[str]:
        output = self.pages.output
        write_archive(self.files, output / self._paths.archive)
        write_page(output / self._paths.spans, otlp_document(RunFolder(self.files.folder).spans))
        return [self._paths.archive, self._paths.spans]

    def _write_pages(self, carried: set[str]) -> Iterator[str]:
        common = {"status": self.status, "run": self._run, "paths": self._paths, "carried": carried}
        collector = RunPageCollector()
        for task in self._run.tasks:
            previews = task_previews(task, self.files, self._paths)
            collector.add(previews)
            yield self._write_task(task, previews, common)
        for task, attempt in self._attempts():
            yield self._write_attempt(task, attempt, common)
        drawn = self._run.tasks[:MOST_TASKS]
        self.pages.write(
            self._paths.page,
            "run.html",
            **common,
            dag=lay_out({task.task_id: task.depends_on for task in drawn}),
            timeline=timeline(self._run),
            table=metric_table(self._run, self.metrics),
            previews=collector.previews(),
            most_tasks=MOST_TASKS,
            data_sha256=data_sha256(self._run),
            waiting=() if self._run.outcome is Outcome.SUCCESS else waiting_lines(self._run),
        )
        yield self._paths.page

    def _write_task(self, task: Task, previews: Sequence[TaskPreviews], common: dict[str, object]) -> str:
        last = task.last_attempt
        path = self._paths.task(task.task_id)
        self.pages.write(
            path,
            "task.html",
            **common,
            task=task,
            previews=previews,
            charts=_charts(last.values) if last else [],
            values=_single_values(last.values) if last else {},
            needed_by=[other for other in self._run.tasks if task.task_id in other.depends_on],
            most_values=MOST_VALUES,
        )
        return path

    def _write_attempt(self, task: Task, attempt: Attempt, common: dict[str, object]) -> str:
        path = self._paths.attempt(task.task_id, attempt.number)
        is_notebook = task.kind is TaskKind.NOTEBOOK
        page = self.files.find(attempt.html)
        running = self.status.attempt_outcome(attempt) == RUNNING
        folder = RunFolder(self.files.folder).task(task.task_id).attempt(attempt.number)
        source = None if is_notebook else self.files.find(attempt.source)
        printed = None if page else self.files.find(attempt.output_log)  # a notebook's page has the same text
        self.pages.write(
            path,
            "attempt.html",
            **common,
            task=task,
            attempt=attempt,
            running=running,
            fragment=read_fragment(page) if page else None,
            reported=read_progress(folder.progress_file) if running else None,
            source=read_start(source) if source else None,
            printed=read_end(printed) if printed else None,
        )
        return path

    def _attempts(self) -> list[tuple[Task, Attempt]]:
        return [(task, attempt) for task in self._run.tasks for attempt in task.attempts]


def _charts(values: Sequence[LoggedValue]) -> list[tuple[str, LineChart, Series]]:
    """Return a chart for each series of at least two points, with its name and its points."""
    return [
        (name, line_chart({name: [value for _, value in points]}, [step for step, _ in points]), points)
        for name, points in series_of(values).items()
        if len(points) > 1
    ]


def _single_values(values: Sequence[LoggedValue]) -> dict[ValueType, dict[str, LoggedValue]]:
    """Return by type the last value of each name."""
    found: dict[ValueType, dict[str, LoggedValue]] = {type_: {} for type_ in ValueType}
    for value in values:
        found[value.type][value.name] = value
    return found


def removed_pages(output: Path, paths: RunPaths) -> list[Path]:
    """Return the paths to remove from the site when the record is gone."""
    return [output / paths.folder, output / paths.data]
