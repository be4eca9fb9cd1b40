"""Hostile texts in every field that a notebook, a branch or a pull request controls."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from playwright.sync_api import sync_playwright

import nightbook
from nightbook.record.format.layout import RunFolder
from nightbook.record.format.model import Error, Outcome, Provenance
from nightbook.record.format.names import check_artifact_name, check_value_name
from tests.support.browser import WIDE, Watched, launch, needs_chromium, served
from tests.support.built_site import Site
from tests.support.hostile_strings import ALL, CHARACTERS, MARKUP, SCRIPTS, TERMINAL
from tests.support.recording import REQUEST, declared, recorded_invocation, run_attempt

pytestmark = pytest.mark.xdist_group("hostile fields")
GROUPS = [SCRIPTS, CHARACTERS, tuple(TERMINAL.values()), MARKUP]
RUNS = [f"202611{day:02d}T031700Z-000001" for day in range(1, len(GROUPS) + 1)]
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
PAGES = ["", "runs/", "compare/", "search/", "metrics/"]


def _log(texts: tuple[str, ...]) -> None:
    for number, text in enumerate(texts):
        nightbook.log_param(f"param {number}", text)
        nightbook.log_value(f"value {number}", {text: [text]})
        nightbook.log_text(text, f"text {number}.txt")
        for check, log in ((check_value_name, nightbook.log_metric), (check_artifact_name, _log_file)):
            try:
                name = check(text, *(["x"] if check is check_value_name else []))
            except ValueError:
                continue
            log(name, number)


def _log_file(name: str, number: int) -> None:
    nightbook.log_text(str(number), name)


def record(folder: RunFolder, texts: tuple[str, ...]) -> None:
    """A failed run with each text in each field."""
    every = " ".join(texts)
    provenance = Provenance(
        **dict.fromkeys(("trigger", "actor", "repository_url", "revision", "branch", "ci_run_url"), every),
        pull_request=every,
        packages=texts,
    )
    request = replace(REQUEST, pipeline=every, parameters={text: text for text in texts})
    tasks = [
        replace(declared(f"t{number}"), notebook=text, parameters={text: text})
        for number, text in enumerate(texts)
    ]
    with recorded_invocation(folder, tasks, Outcome.FAILURE, provenance, request):
        for task, text in zip(tasks, texts, strict=True):
            error = Error(text or "E", f"{text}\n{text}", text)
            run_attempt(folder, task.task_id, outcome=Outcome.FAILURE, error=error, ended_by=text)
            attempt = folder.task(task.task_id).attempt(1)
            attempt.html.write_text(text, errors="replace")
            attempt.output_log.write_text(text, errors="replace")
        run_attempt(folder, tasks[0].task_id, 2, log=lambda: _log(texts))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of a run for each group of texts; no warning is given, so that no net was needed."""
    site = Site(tmp_path_factory.mktemp("hostile"))
    for run_id, texts in zip(RUNS, GROUPS, strict=True):
        record(RunFolder(site.runs / run_id), texts)
    return site.build()


def test_all_groups_of_texts_are_tried() -> None:
    assert {text for texts in GROUPS for text in texts} <= set(ALL)


def test_feeds_are_xml_whatever_a_branch_is_called(hostile: Site) -> None:
    feeds = sorted((hostile.output / "feeds").rglob("*.xml"))
    assert len(feeds) >= 3 + len(GROUPS)
    for file in feeds:
        ET.parse(file)


@pytest.mark.promise("Controls and marks that turn the direction of writing are visible on pages.")
def test_controls_and_marks_of_direction_are_visible_on_all_pages(hostile: Site) -> None:
    for file in hostile.pages():
        if "pagefind" not in file.parts:
            found = HIDDEN.search(file.read_text(encoding="utf-8"))
            assert found is None, f"{file}: {found!r}"


def _places(site: Site) -> Iterator[str]:
    yield from PAGES
    for run_id in RUNS:
        for folder in ("", "tasks/t0/", "tasks/t0/attempt-01/", "tasks/t1/attempt-01/"):
            yield f"runs/{run_id}/{folder}"
    metrics = sorted(Path(site.output / "metrics").glob("*/index.html"))
    yield from (f"metrics/{file.parent.name}/" for file in metrics[:5])


@pytest.mark.promise("No script of a record runs in the browser of a reader.")
@needs_chromium
def test_in_a_browser_no_script_of_a_record_runs_and_no_request_leaves(hostile: Site) -> None:
    with served(hostile.output) as address, sync_playwright() as playwright, launch(playwright) as browser:
        watched = Watched(browser.new_context(viewport=WIDE).new_page(), address)
        for place in _places(hostile):
            page = watched.open(place)
            page.wait_for_load_state()
            assert "Nightbook" in page.title(), place  # a script would have set another
        requests = [complaint for complaint in watched.complaints if complaint.startswith("request")]
    assert requests == []
