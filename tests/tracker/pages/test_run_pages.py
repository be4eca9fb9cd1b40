"""All pages of the sample site: nothing that runs, nothing that leads nowhere."""

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.built_site import Site
from tests.support.page_parser import Page, parse_page
from tests.support.sample_records import ATTACK, DAMAGED, FAILED, HOSTILE, KILLED, NEWER, READABLE_NIGHTS

pytestmark = pytest.mark.xdist_group("tracker")

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-src 'self'"
)


@pytest.fixture(scope="session")
def pages(sample: Site) -> list[Page]:
    return [parse_page(file) for file in sample.pages()]


@pytest.mark.promise("No script of a record runs in the browser of a reader.")
def test_each_page_has_the_policy_before_anything_that_it_rules(pages: list[Page]) -> None:
    of_notebooks = (
        POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; media-src data:"
    )
    allowed = {POLICY, of_notebooks}
    for page in pages:
        names = [name for name, _ in page.elements]
        policy = next(
            index for index, (_, attributes) in enumerate(page.elements) if "http-equiv" in attributes
        )
        assert page.elements[policy][1]["http-equiv"] == "Content-Security-Policy"
        assert policy < min(names.index(name) for name in ("script", "link", "title"))
        content = page.elements[policy][1]["content"]
        is_attempt = re.fullmatch(r"attempt-\d+", page.file.parent.name) is not None and page.all("iframe")
        assert content in allowed or page.file.parent.name == "search", page.file
        assert ("'unsafe-inline'" not in content) or is_attempt or "attempt-" in str(page.file), page.file
        assert "unsafe-inline" not in content.partition("style-src")[0]


def test_no_page_has_a_script_or_style_of_its_own(pages: list[Page]) -> None:
    for page in pages:
        assert not page.all("style"), page.file
        assert not page.all("form"), page.file
        for name, attributes in page.elements:
            assert "style" not in attributes, (page.file, name, attributes)
            assert not [key for key in attributes if key.startswith("on")], (page.file, attributes)
        for script in page.all("script"):
            assert script["src"].lstrip("./").startswith("static/js/"), (page.file, script)


@pytest.mark.promise("No script of a record runs in the browser of a reader.")
def test_a_notebook_is_in_a_frame_where_no_script_runs(pages: list[Page]) -> None:
    frames = [frame for page in pages for frame in page.all("iframe")]
    assert len(frames) > len(READABLE_NIGHTS)
    assert {frame["sandbox"] for frame in frames} == {"allow-same-origin allow-popups"}
    assert {tuple(sorted(frame)) for frame in frames} == {("class", "sandbox", "srcdoc", "title")}
    assert all('<h1 id="title">A notebook</h1>' in frame["srcdoc"] for frame in frames)


def test_every_link_leads_somewhere(sample: Site, pages: list[Page]) -> None:
    ids = {page.file: set(page.ids) for page in pages}
    for page in pages:
        assert len(page.ids) == len(set(page.ids)), f"an id stands twice in {page.file}"
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme == "data":
                assert link.startswith("data:image/svg+xml;base64,")
                continue
            if parts.scheme:
                assert parts.scheme in ("http", "https"), (page.file, link)
                continue
            assert not link.startswith("/"), f"not relative in {page.file}: {link}"
            target = (page.file.parent / unquote(parts.path)).resolve() if parts.path else page.file
            assert target.is_relative_to(sample.output)
            target = target / "index.html" if target.is_dir() else target
            assert target.is_file(), f"{page.file} leads to {link}"
            if parts.fragment:
                assert unquote(parts.fragment) in ids[target], f"{page.file} leads to {link}"


def test_the_feeds_links_lead_somewhere_too(sample: Site) -> None:
    for feed in (sample.output / "feeds").rglob("*.xml"):
        for link in re.findall(r'href="([^"]*)"', feed.read_text()):
            target = (feed.parent / unquote(link)).resolve()
            assert target.is_dir() or target.is_file(), (feed, link)


@pytest.mark.promise("No script of a record runs in the browser of a reader.")
def test_the_site_carries_no_file_that_a_browser_would_run(sample: Site) -> None:
    of_runs = [file for file in (sample.output / "runs").rglob("*") if file.is_file()]
    assert {file.suffix for file in of_runs} <= {
        ".html",
        ".zip",
        ".json",
        ".ipynb",
        ".png",
        ".txt",
        ".csv",
        ".onnx",
    }
    assert {file.name for file in of_runs if file.suffix == ".html"} == {"index.html"}
    # Apache looks at every ending: page.html.pkl is a page to it.
    assert not [
        file for file in of_runs if {".html", ".svg"} & {suffix.lower() for suffix in file.suffixes[:-1]}
    ]
    assert not [file for file in sample.output.rglob("*") if file.is_symlink()]
    assert not list(sample.output.rglob("passwords.txt"))


@pytest.mark.promise("What is wrong with a record is said on its page.")
@pytest.mark.parametrize(
    ("run_id", "said"),
    [
        (DAMAGED, "holds no run record: there is no readable span in spans"),
        (NEWER, "has schema version 99, and this program reads versions up to 1: update it"),
        (KILLED, "interrupted"),
        (FAILED, "the notebook was stopped after timeout_s = 600 seconds in cell 2 of 3"),
    ],
)
def test_what_is_wrong_with_a_run_is_said(sample: Site, run_id: str, said: str) -> None:
    places = (sample.output / "runs" / run_id).rglob("index.html")
    assert any(said in place.read_text() for place in places)
    entries = {entry["run_id"]: entry for entry in sample.data("api/runs.json")["runs"]}
    assert str(sample.path) not in sample.page(f"runs/{run_id}/index.html")
    assert entries[run_id]["outcome"] in ("unreadable", "interrupted", "failure")


@pytest.mark.promise("The text of a record is text on pages, in summaries and in diagrams, never markup.")
def test_a_hostile_run_is_shown_as_text(sample: Site) -> None:
    page = parse_page(sample.output / "runs" / HOSTILE / "index.html")
    assert not page.all("img")
    assert ATTACK not in sample.page(f"runs/{HOSTILE}/index.html")
    assert "&lt;script&gt;document.title" in sample.page(f"runs/{HOSTILE}/index.html")


def test_what_is_too_much_is_clipped_and_said(sample: Site) -> None:
    task = f"runs/{HOSTILE}/tasks/make/index.html"
    assert "2,800 more values" in sample.page(task)
    assert len(sample.page(task)) < 300_000
    attempt = sample.page(f"runs/{HOSTILE}/tasks/make/attempt-01/index.html")
    assert "are not shown here" in attempt
    assert len(attempt) < 4_000_000
    assert len(sample.data(f"api/runs/{HOSTILE}.json")["tasks"][0]["metrics"]) == 3000


@pytest.mark.parametrize("run_id", [*READABLE_NIGHTS[:1], FAILED, HOSTILE])
def test_a_run_page_is_small(sample: Site, run_id: str) -> None:
    size_bytes = (sample.output / "runs" / run_id / "index.html").stat().st_size
    assert size_bytes < 150_000


def test_names_that_differ_in_case_only_have_pages_of_their_own(sample: Site) -> None:
    urls = sample.data("api/runs.json")["metric_urls"]
    assert urls["accuracy"] == "metrics/accuracy/"
    places = {name: Path(unquote(url).lower()) for name, url in urls.items() if name.lower() == "accuracy"}
    assert len(set(places.values())) == len(places) == 2
    assert (sample.output / unquote(urls["index.html"]) / "index.html").is_file()
    assert len(urls) == 300
