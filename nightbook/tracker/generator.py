"""The generator that Pelican calls: it takes the settings from Pelican, and builds the whole tracker."""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from pelican.generators import Generator

import nightbook.record
from nightbook.record.render.run_status import UNREADABLE
from nightbook.tracker.data.run_cache import CachedRun, RunCache
from nightbook.tracker.output.fingerprints import code_fingerprint
from nightbook.tracker.output.output_tree import remove_others, write_file
from nightbook.tracker.pages.culprits import find_culprit
from nightbook.tracker.pages.renderer import Pages
from nightbook.tracker.pages.run_build import RunBuild
from nightbook.tracker.pages.search_index import Entry, write_texts, writing_index
from nightbook.tracker.pages.site_pages import SitePages
from nightbook.tracker.pages.stages import StageError

_log = logging.getLogger(__name__)
_NICENESS = 10
# The site's settings that stand on the pages of single runs: when one changes, all are made again.
_ON_RUN_PAGES = ("SITENAME", "SITESUBTITLE", "LINKS", "GOALS", "MAX_FILE_BYTES", "DEFAULT_LANG")


class TrackerGenerator(Generator):  # type: ignore[misc]  # Pelican is untyped
    """Makes all pages and files of the tracker."""

    def generate_output(self, _writer: object) -> None:
        """Make all pages that are missing or out of date, and remove those of records that are gone."""
        output = Path(self.output_path)
        pages = Pages(self.env, self.context, output)
        build = self._run_build(pages)
        runs = build.update()
        try:
            written = self._write_over_all(pages, list(runs.values()))
        except StageError:
            runs = self._without_culprits(build, runs)
            written = self._write_over_all(pages, list(runs.values()))
        for folder in ("metrics", "feeds"):
            remove_others(output / folder, {*written, *_always(output)})
        _remove_pages_of_runs(output, written)
        _put_static_files(Path(self.theme) / "static", output / "static")
        _log.info("%d runs", len(runs))

    def _write_over_all(self, pages: Pages, runs: Sequence[CachedRun]) -> set[Path]:
        """Write the pages over all runs and the index; return the files that may have to go with a run."""
        cache = Path(self.settings["CACHE_PATH"])
        with writing_index(pages, [_search_entry(run) for run in runs], cache) as is_writing:
            if is_writing and os.nice(0) < _NICENESS:
                # What remains of the build, to its end, gives the right of way to Pagefind's process, which
                # takes longer.
                os.nice(_NICENESS)
            return {pages.output / path for path in self._site(pages, runs).write()}

    def _site(self, pages: Pages, runs: Sequence[CachedRun]) -> SitePages:
        goals, main = self.settings["GOALS"], self.settings["MAIN_BRANCH"]
        return SitePages(pages, runs, goals, main, self.context["articles"])

    def _without_culprits(self, build: RunBuild, runs: Mapping[str, CachedRun]) -> Mapping[str, CachedRun]:
        """Return the runs, in which those are unreadable that the pages over all runs cannot be made with."""
        with TemporaryDirectory() as scratch:
            pages = replace(build.pages, output=Path(scratch))

            def make(some: Sequence[CachedRun]) -> None:
                write_texts(pages, [_search_entry(run) for run in some], Path(scratch, "search"))
                self._site(pages, some).write()

            shown = dict(runs)
            while culprit := find_culprit(list(shown.values()), make):
                run, error = culprit
                if run.entry.outcome == UNREADABLE:
                    raise error
                shown[run.entry.run_id] = build.give_up(run.entry.run_id, error)
        return shown

    def _run_build(self, pages: Pages) -> RunBuild:
        code = [Path(__file__).parent, Path(self.theme) / "templates", Path(nightbook.record.__path__[0])]
        settings = [*(self.settings[name] for name in _ON_RUN_PAGES), self._menu(), str(pages.output)]
        return RunBuild(
            pages=pages,
            cache=RunCache(Path(self.settings["CACHE_PATH"]) / "runs", pages.output),
            runs=Path(self.settings["RUNS"]),
            goals=tuple(self.settings["GOALS"]),
            max_file_bytes=self.settings["MAX_FILE_BYTES"],
            code=code_fingerprint(code, settings),
        )

    def _menu(self) -> list[tuple[str, str]]:
        """Return titles and URLs of the site owner's pages, to which every page has links."""
        return [(page.title, page.url) for page in self.context["pages"]]


def _always(output: Path) -> set[Path]:
    feeds = (f"feeds/{name}.atom.xml" for name in ("all", "failures", "regressions"))
    return {output / path for path in ("metrics/index.html", *feeds)}


def _remove_pages_of_runs(output: Path, kept: set[Path]) -> None:
    """Remove the pages of a list that has become shorter."""
    for folder in (output / "runs").glob("page-*"):
        remove_others(folder, kept)


def _put_static_files(theme: Path, target: Path) -> None:
    """Make the folder equal to the theme's; a file that is the same already is not touched."""
    found = {target / file.relative_to(theme): file for file in theme.rglob("*") if file.is_file()}
    for path, file in found.items():
        write_file(path, file.read_bytes())
    remove_others(target, found)


def _search_entry(run: CachedRun) -> Entry:
    entry = run.entry
    return Entry(
        path=f"{entry.url}index.html",
        title=f"{entry.pipeline or 'run'} {entry.run_id}",
        text=run.text,
        filters=(("outcome", entry.outcome), ("branch", entry.branch), ("trigger", entry.trigger)),
        start=entry.start,
    )
