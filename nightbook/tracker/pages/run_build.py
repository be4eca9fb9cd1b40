"""Building the pages of runs: only new and changed records are read."""

import logging
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from nightbook.machine.processors import usable_processors
from nightbook.record.format.errors import RecordError
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.units import NS_PER_S
from nightbook.record.format.visible_text import encodable, visible_line
from nightbook.record.gate import metrics_of
from nightbook.record.goals import Goal
from nightbook.record.read.reader import find_runs, read_run
from nightbook.record.render.json_document import json_document
from nightbook.record.render.run_status import RunStatus
from nightbook.record.render.times import iso_time
from nightbook.record.write.run_lock import is_running
from nightbook.tracker.data.run_cache import CachedRun, RunCache
from nightbook.tracker.data.run_entry import run_entry, task_entries, unreadable_entry
from nightbook.tracker.data.search_text import search_text
from nightbook.tracker.output.fingerprints import record_fingerprint
from nightbook.tracker.output.output_tree import remove_folder, remove_others, write_page
from nightbook.tracker.output.record_files import RecordFiles, write_archive
from nightbook.tracker.output.urls import RunPaths
from nightbook.tracker.pages.renderer import Pages
from nightbook.tracker.pages.run_pages import RunPages, removed_pages
from nightbook.tracker.pages.stages import StageError, stage

# The fewest records for a process of its own: starting one costs as much as the pages of a few runs.
_WORTH_A_MAKE, _WORTH_A_FIND = 4, 50

T = TypeVar("T")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunBuild:
    """Makes, keeps and removes the pages of runs; ``code`` is the fingerprint of all but the records."""

    pages: Pages
    cache: RunCache
    runs: Path
    goals: tuple[Goal, ...]
    max_file_bytes: int
    code: str

    def update(self) -> Mapping[str, CachedRun]:
        """Make all pages that are missing or out of date; return all runs by id, oldest first."""
        folders = find_runs(self.runs)
        self._remove({*self.cache.run_ids(), *self._published()} - {folder.name for folder in folders})
        known = dict(zip(folders, self._each(RunBuild.find, folders, _WORTH_A_FIND), strict=True))
        self._each(RunBuild.make, [folder for folder in folders if known[folder] is None], _WORTH_A_MAKE)
        found = {folder.name: cached or self.cache.find(folder.name) for folder, cached in known.items()}
        return {run_id: cached for run_id, cached in found.items() if cached}

    def make(self, folder: Path) -> None:
        """Make the pages of one run; those of a record that cannot be shown say why."""
        self.cache.forget(folder.name)
        # Before reading: a file that is written meanwhile makes the pages out of date.
        stamp = self._stamp(folder)
        try:
            with stage("cache"):
                self.cache.keep(folder.name, self._make(folder, stamp))
        except StageError as error:
            self.give_up(folder.name, error)

    def give_up(self, run_id: str, error: StageError) -> CachedRun:
        """Make the page of a record that no stage was prepared for, and say so; return the run.

        The next build tries again: the reason may be gone by then, as a full disk is.
        """
        _log.warning(
            "run %s has only a page that says why it cannot be shown: %s", run_id, visible_line(str(error))
        )
        cached = self._make_unreadable(self.runs / run_id, "", str(error))
        self.cache.keep(run_id, cached)
        return cached

    def _make(self, folder: Path, stamp: str) -> CachedRun:
        with stage("reading"):
            try:
                run = read_run(folder)
            except (RecordError, OSError) as error:
                return self._make_unreadable(folder, stamp, str(error))
            status = RunStatus(run, is_running(RunFolder(folder)))
            files = RecordFiles.of(folder, self.max_file_bytes)
        with stage("entry"):
            entry, tasks, result = run_entry(status, self.goals), task_entries(status), metrics_of(run)
        with stage("search text"):
            text = search_text(run, files)
        metrics = tuple(goal.metric for goal in self.goals)
        paths = RunPages(self.pages, status, entry, files, metrics).write()
        return CachedRun(stamp, entry, paths, tasks, text, result)

    def _make_unreadable(self, folder: Path, stamp: str, problem: str) -> CachedRun:
        paths = RunPaths(folder.name)
        # The machine's folders are no part of a public page.
        problem = encodable(problem.replace(f"{folder}/", "").replace(str(folder), folder.name))
        entry = unreadable_entry(folder.name, _start_of(folder.name), problem)
        output = self.pages.output
        archive = self._write_archive(folder, paths)
        self.pages.write(paths.page, "unreadable.html", entry=entry, archive=archive)
        write_page(output / paths.data, json_document(entry, tasks=()))
        remove_others(output / paths.folder, {output / path for path in (paths.page, *archive)})
        return CachedRun(stamp, entry, (paths.page, *archive, paths.data), (), problem)

    def _write_archive(self, folder: Path, paths: RunPaths) -> tuple[str, ...]:
        """Write the archive of what is left of a record; return its path, or nothing if it cannot be read."""
        try:
            with stage("archive"):
                write_archive(RecordFiles.of(folder, self.max_file_bytes), self.pages.output / paths.archive)
        except StageError:
            return ()
        return (paths.archive,)

    def find(self, folder: Path) -> CachedRun | None:
        """Return what the cache knows of one run, or None if its pages are out of date."""
        cached = self.cache.find(folder.name)
        return cached if cached and cached.stamp == self._stamp(folder) else None

    def _stamp(self, folder: Path) -> str:
        try:
            state = f"{record_fingerprint(folder)} {is_running(RunFolder(folder))}"
        except OSError as error:  # a file went away, or cannot be accessed
            state = str(error)
        return sha256(f"{self.code} {state}".encode()).hexdigest()

    def _each(self, do: "Callable[[RunBuild, Path], T]", folders: list[Path], worth: int) -> list[T]:
        """Return ``do`` of each folder, made by several processes if each has at least ``worth`` folders.

        The processes are forks, which share the compiled templates.
        """
        processes = min(usable_processors(), len(folders) // worth)
        if processes < 2:  # noqa: PLR2004 a single process is this one
            return [do(self, folder) for folder in folders]
        with ProcessPoolExecutor(processes, get_context("fork"), _work_for, (self,)) as pool:
            return list(pool.map(partial(_do, do), folders, chunksize=worth))

    def _remove(self, run_ids: set[str]) -> None:
        for run_id in run_ids:
            self.cache.forget(run_id)
            for path in removed_pages(self.pages.output, RunPaths(run_id)):
                path.unlink() if path.is_file() else remove_folder(path)

    def _published(self) -> Iterator[str]:
        return (folder.name for folder in find_runs(self.pages.output / "runs"))


_build: RunBuild | None = None


def _work_for(build: RunBuild) -> None:
    global _build  # noqa: PLW0603 a worker process has one build, which could not be sent to it
    _build = build


def _do(do: Callable[[RunBuild, Path], T], folder: Path) -> T:
    if _build is None:
        raise RuntimeError("this process works for no build")
    return do(_build, folder)


def _start_of(run_id: str) -> str:
    """Return when a run began, which its id says; the epoch if the id is no time."""
    try:
        moment = datetime.strptime(run_id.partition("-")[0] + "+0000", "%Y%m%dT%H%M%SZ%z")
    except ValueError:  # such as the 31st of February
        return iso_time(0)
    return iso_time(int(moment.timestamp()) * NS_PER_S)
