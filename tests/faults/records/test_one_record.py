"""One record that cannot be shown has a page that says why; all others have theirs."""

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import nightbook
from nightbook.record.format import attributes, values
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Error, Outcome
from tests.faults.records.conftest import Build
from tests.support.built_site import Site
from tests.support.recording import declared, record_night, recorded_invocation, run_attempt

GOOD, OTHER, BAD = (f"202611{day}T031700Z-000001" for day in (10, 11, 12))


def add_failed(site: Site, error: Error, **declaration: Any) -> None:
    """Add a run whose only task failed with the error."""
    folder = RunFolder(site.runs / BAD)
    task = replace(declared("make"), **declaration)
    with recorded_invocation(folder, [task], Outcome.FAILURE):
        run_attempt(folder, "make", outcome=Outcome.FAILURE, error=error)


def feeds(site: Site) -> list[Path]:
    return sorted((site.output / "feeds").rglob("*.xml"))


def is_shown(site: Site, run_id: str) -> bool:
    return "cannot be shown" not in site.page(f"runs/{run_id}/index.html")


@pytest.mark.parametrize("text", ["a\x00b", "a\bb", "a\x1b[31mb", "a\ufffe\uffff", "\ud800"])
def test_a_control_character_in_an_exception_is_spelled_on_pages_and_in_feeds(
    site: Site, build: Build, text: str
) -> None:
    add_failed(site, Error("ValueError", text, f"Traceback\nValueError: {text}"))

    build(site)

    assert is_shown(site, BAD)
    spelled = text.encode("unicode_escape").decode()
    for file in feeds(site):
        ET.parse(file)
    assert spelled in site.page("feeds/all.atom.xml")
    assert spelled in site.page(f"runs/{BAD}/tasks/make/attempt-01/index.html")


@pytest.mark.parametrize("timeout_s", [float("inf"), 1e300, 5e9])
def test_a_deadline_of_any_size_is_shown(site: Site, build: Build, timeout_s: float) -> None:
    add_failed(site, Error("ValueError", "x", ""), timeout_s=timeout_s)

    build(site)

    assert "deadline for ever" in site.page(f"runs/{BAD}/tasks/make/index.html")


def test_a_value_nested_900_deep_is_a_problem_of_the_record(
    site: Site, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    folder = RunFolder(site.runs / BAD)
    with recorded_invocation(folder, [declared("make")]), monkeypatch.context() as patch:
        patch.setattr(nightbook.record.logger, "check_value", lambda value, _: value)  # as no logger of ours
        run_attempt(folder, "make", log=lambda: nightbook.log_value("deep", deep))

    build(site)

    assert is_shown(site, BAD)
    assert "nested more than 100 levels deep" in site.page(f"runs/{BAD}/index.html")


def test_parameters_that_no_reader_would_take_are_refused_by_the_writer() -> None:
    deep: Any = "x"
    for _ in range(values.MAX_JSON_DEPTH):
        deep = [deep]
    with pytest.raises(nightbook.record.format.errors.RecordError, match="nested more than 100 levels deep"):
        attributes.ASCII_JSON_OBJECT.encode({"deep": deep})


STAGES = {
    "reading": "run_build.read_run",
    "entry": "run_build.task_entries",
    "search text": "run_build.search_text",
    "files": "run_pages.put_file",
    "downloads": "run_pages.otlp_document",
    "pages": "run_pages.timeline",
    "data": "run_pages.run_data",
}
STAGES_OVER_ALL = {
    "comparison with earlier runs": "site_pages.describe",
    "trends": "site_pages.trends",
    "api/runs.json": "site_pages.json_document",
    "home page": "site_pages._interleaved",
    "list of runs": "site_pages.value_of",
    "pages of metrics": "site_pages.SitePages._write_metrics",
    "feeds": "site_pages.write_feed",
    "search index": "search_index.write_page",
}


def failing_for(needle: str, part: Callable[..., Any]) -> Callable[..., Any]:
    """Return the part, which fails if the needle is anywhere in what it is called with."""

    def call(*args: Any, **options: Any) -> Any:
        if needle in repr((args, options)):
            raise ZeroDivisionError("nobody thought of this")
        return part(*args, **options)

    return call


@pytest.mark.promise(
    "No record stops the site: one that cannot be shown has a page that says so, and all others are shown."
)
@pytest.mark.parametrize(("stage", "place"), {**STAGES, **STAGES_OVER_ALL}.items(), ids=str)
def test_an_unexpected_error_of_any_stage_is_the_page_of_that_record_and_no_other(
    site: Site,
    build: Build,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    stage: str,
    place: str,
) -> None:
    for night in (GOOD, OTHER):
        record_night(RunFolder(site.runs / night), 0.9)
    record_night(RunFolder(site.runs / BAD), 0.9, metric="needle-metric", branch="needle")
    place = f"nightbook.tracker.pages.{place}"
    needle = BAD if stage in STAGES else "needle"
    with monkeypatch.context() as patch:
        patch.setattr(place, failing_for(needle, resolve_name(place)))
        caplog.set_level(logging.WARNING)
        build(site)

    assert [is_shown(site, run_id) for run_id in (GOOD, OTHER, BAD)] == [True, True, False]
    why = f"{stage}: ZeroDivisionError: nobody thought of this"
    assert why in site.page(f"runs/{BAD}/index.html")
    [line] = [line for line in caplog.messages if BAD in line]
    assert line.endswith(why)
    assert BAD in site.page("api/runs.json")
    build(site)
    assert is_shown(site, BAD), "the next build tries again"
