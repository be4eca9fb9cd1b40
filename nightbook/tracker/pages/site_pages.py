"""The pages over all runs. Each build renders them again, and writes those that changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from nightbook.record.format.model import Outcome
from nightbook.record.goals import Goal
from nightbook.record.render.json_document import json_document
from nightbook.record.render.number_columns import format_numbers
from nightbook.tracker.data.activity import Activity, describe, value_of
from nightbook.tracker.data.run_cache import CachedRun
from nightbook.tracker.data.trends import MOST_MARKERS, Trend, trends
from nightbook.tracker.data.verdicts import find_regressions
from nightbook.tracker.drawings.line_chart import LineChart, line_chart
from nightbook.tracker.output.output_tree import write_page
from nightbook.tracker.output.urls import branch_feed, metric_page, runs_page, url_of
from nightbook.tracker.pages.feeds import write_feed
from nightbook.tracker.pages.renderer import Pages
from nightbook.tracker.pages.stages import stage

_RECENT_RUNS = 20  # on the home page
_SPARK_RUNS = 30
_MOST_METRICS = 300  # of what notebooks log by mistake there can be thousands
_RUNS_PER_PAGE = 50
_FAILED = (Outcome.FAILURE, Outcome.TIMEOUT, Outcome.INTERRUPTED)


class Post(Protocol):
    """What a page shows of the site owner's own post, which Pelican has read."""

    title: str
    date: datetime
    url: str
    summary: str


@dataclass(frozen=True, slots=True)
class SitePages:
    """Makes the pages over all runs; ``runs`` are oldest first."""

    pages: Pages
    runs: Sequence[CachedRun]
    goals: Sequence[Goal]
    main_branch: str
    posts: Sequence[Post]

    def write(self) -> list[str]:
        """Write all pages; return the paths of those that may have to go when a run is removed."""
        with stage("comparison with earlier runs"):
            activities = list(reversed(list(self._activities())))
        with stage("trends"):
            logged = self._ranked(trends(self.runs))
            all_trends = logged[:_MOST_METRICS]
        with stage("api/runs.json"):
            self._write_data(all_trends)
        with stage("home page"):
            self._write_home(activities)
        for name in ("compare", "search"):
            with stage(f"page {name}"):
                self.pages.write(f"{name}/index.html", f"{name}.html", run_count=len(activities))
        with stage("list of runs"):
            written = list(self._write_runs(activities))
        with stage("pages of metrics"):
            written += self._write_metrics(all_trends, len(logged) - len(all_trends))
        with stage("feeds"):
            written += self._write_feeds(activities)
        return written

    def _activities(self) -> Iterator[Activity]:
        """Yield each run's activity, compared with the last run like it on its branch, else on main."""
        last: dict[tuple[str, str], CachedRun] = {}
        regressions = find_regressions(self.runs, self.goals, self.main_branch)
        for run in self.runs:
            branch, settings = run.entry.branch, run.settings
            before = last.get((branch, settings), last.get((self.main_branch, settings)))
            yield describe(run, before, self.goals, regressions.get(run.entry.run_id, ()))
            if run.entry.outcome == Outcome.SUCCESS:
                last[branch, settings] = run

    def _write_data(self, all_trends: Sequence[Trend]) -> None:
        text = json_document(
            goals=tuple(self.goals),
            metric_urls={trend.metric: url_of(metric_page(trend.metric)) for trend in all_trends},
            runs=[run.entry for run in reversed(self.runs)],
        )
        write_page(self.pages.output / "api/runs.json", text)

    def _write_home(self, activities: Sequence[Activity]) -> None:
        latest = next(
            (activity for activity in activities if activity.entry.branch == self.main_branch), None
        )
        branches = sorted({activity.entry.branch for activity in activities} - {""})
        self.pages.write(
            "index.html",
            "index.html",
            latest=latest,
            spark=self._spark() if latest else None,
            items=_interleaved(activities[:_RECENT_RUNS], self.posts),
            run_count=len(activities),
            most_runs=_RECENT_RUNS,
            branch_feeds=[(branch, url_of(branch_feed(branch))) for branch in branches],
        )

    def _spark(self) -> LineChart | None:
        """Return the first goal's metric over the main branch's last runs that are like its newest one."""
        main = [run for run in self.runs if run.entry.branch == self.main_branch]
        alike = [run for run in main if run.settings == main[-1].settings][-_SPARK_RUNS:]
        if not self.goals or len(alike) < 2:  # noqa: PLR2004 a line has two ends
            return None
        return line_chart({self.goals[0].metric: [value_of(run, self.goals[0]) for run in alike]})

    def _write_runs(self, activities: Sequence[Activity]) -> Iterator[str]:
        """Write the list of runs for readers without JavaScript, and yield its pages' paths."""
        by_id = {run.entry.run_id: run for run in self.runs}
        runs = [by_id[activity.entry.run_id] for activity in activities]
        slices = [runs[start : start + _RUNS_PER_PAGE] for start in range(0, len(runs), _RUNS_PER_PAGE)]
        for number, on_page in enumerate(slices or [[]], start=1):
            goals = [goal for goal in self.goals if any(value_of(run, goal) is not None for run in on_page)]
            columns = [format_numbers([value_of(run, goal) for run in on_page]) for goal in goals]
            path = runs_page(number)
            self.pages.write(
                path,
                "runs.html",
                rows=[(run.entry, cells) for run, *cells in zip(on_page, *columns, strict=True)],
                metrics=[goal.metric for goal in goals],
                number=number,
                page_urls=[url_of(runs_page(other)) for other in range(1, max(len(slices), 1) + 1)],
                run_count=len(runs),
            )
            yield path

    def _ranked(self, logged: Sequence[Trend]) -> list[Trend]:
        """Return the trends, those of the goals' metrics first, then those that most runs have."""
        ranks = {goal.metric: rank for rank, goal in enumerate(self.goals)}
        return sorted(
            logged, key=lambda trend: (ranks.get(trend.metric, len(ranks)), -len(trend.runs), trend.metric)
        )

    def _write_metrics(self, ordered: Sequence[Trend], left_out: int) -> Iterator[str]:
        goals = {goal.metric: goal for goal in self.goals}
        self.pages.write(
            "metrics/index.html",
            "metrics.html",
            left_out=left_out,
            trends=[(trend, url_of(metric_page(trend.metric)), goals.get(trend.metric)) for trend in ordered],
        )
        for trend in ordered:
            path = metric_page(trend.metric)
            self.pages.write(
                path, "metric.html", trend=trend, goal=goals.get(trend.metric), most_markers=MOST_MARKERS
            )
            yield path

    def _write_feeds(self, activities: Sequence[Activity]) -> Iterator[str]:
        site = self.pages.settings["SITENAME"]
        ended = [activity for activity in activities if activity.entry.outcome != "running"]
        failures = [activity for activity in ended if activity.entry.outcome in _FAILED]
        write_feed(self.pages, "feeds/all.atom.xml", f"{site}: all runs", ended)
        write_feed(self.pages, "feeds/failures.atom.xml", f"{site}: runs that failed", failures)
        regressed = [activity for activity in ended if activity.regressions]
        write_feed(self.pages, "feeds/regressions.atom.xml", f"{site}: runs worse than main", regressed)
        for branch in dict.fromkeys(activity.entry.branch for activity in activities):
            if branch:
                of_branch = [activity for activity in ended if activity.entry.branch == branch]
                path = branch_feed(branch)
                write_feed(self.pages, path, f"{site}: runs on {branch}", of_branch)
                yield path


def _interleaved(activities: Sequence[Activity], posts: Sequence[Post]) -> list[tuple[str, Activity | Post]]:
    """Return runs and posts, newest first; posts older than the oldest run come after it."""
    dated: list[tuple[str, str, Activity | Post]]
    dated = [(activity.entry.start, "run", activity) for activity in activities]
    dated += [(post.date.isoformat(), "post", post) for post in posts]
    return [(kind, item) for _, kind, item in sorted(dated, key=lambda item: item[0], reverse=True)]
