"""The whole site, built by Pelican from real records."""

import json
import zipfile

import pytest

from nightbook.record.read.reader import read_run
from tests.support.built_site import Site
from tests.support.project import REPOSITORY, Project

FROZEN = REPOSITORY / "tests" / "record" / "records" / "v1" / "20261123T031700Z-7f3a2c"


def test_without_a_run_the_site_says_how_to_make_one(site: Site) -> None:
    site.build()

    for place in ("index.html", "runs/index.html"):
        assert "No run is recorded yet" in site.page(place)
        assert "make run" in site.page(place)
    assert site.data("api/runs.json")["runs"] == []


def test_a_recorded_run_has_its_pages_data_and_downloads(site: Site) -> None:
    site.add(FROZEN)
    site.build()

    run = site.data(f"api/runs/{FROZEN.name}.json")
    expected = json.loads((FROZEN.parent / "expected.json").read_text())
    assert [task["task_id"] for task in run["tasks"]] == [task["task_id"] for task in expected["tasks"]]
    assert site.data("api/runs.json")["runs"][0].items() <= run.items()
    for task in run["tasks"]:
        assert (site.output / task["url"].replace("%25", "%") / "index.html").is_file()
    assert f"{FROZEN.name}/" in site.page("index.html")
    assert (site.output / "runs" / FROZEN.name / "record.zip").is_file()


def test_a_run_just_made_is_shown_with_its_figures(site: Site, project: Project) -> None:
    project.single()
    project.notebook(
        "work", "import numpy as np", 'nightbook.log_image(np.zeros((4, 6), "uint8"), "dark.png")'
    )
    assert project.run().returncode == 0
    (record,) = project.runs

    page = site.build().page(f"runs/{record.name}/index.html")

    assert 'dark.png" alt="dark.png of work ' in page
    assert 'width="6" height="4"' in page
    assert (site.output / "runs" / record.name / "tasks/work/attempt-01/notebook.ipynb").is_file()


def test_the_archive_is_the_portable_record_without_derived_pages(site: Site) -> None:
    record = site.add(FROZEN)
    (record / "luigi.log").write_text("names of folders")
    (record / "tasks" / "ingest" / "output").mkdir(parents=True)
    (record / "tasks" / "ingest" / "output" / "big.npz").write_bytes(b"1")
    site.build()

    with zipfile.ZipFile(site.output / "runs" / record.name / "record.zip") as archive:
        names = archive.namelist()
        archive.extractall(site.path / "unpacked")
    assert f"{record.name}/spans/run-01.jsonl" in names
    assert not [name for name in names if name.endswith(("luigi.log", "big.npz", "notebook.html"))]
    assert read_run(site.path / "unpacked" / record.name) == read_run(record)


def test_a_published_sites_feeds_have_its_address(site: Site) -> None:
    site.add(FROZEN)
    feed = site.build(settings="publishconf", SITEURL="https://example.org/nightly/").page(
        "feeds/all.atom.xml"
    )

    assert f'<link href="https://example.org/nightly/runs/{FROZEN.name}/" rel="alternate"/>' in feed
    assert f"<id>urn:nightbook:run:{FROZEN.name}</id>" in feed
    assert "example.org" not in site.page("index.html")


@pytest.mark.parametrize(
    ("repository", "address"),
    [
        ("Octo/nightly", "https://octo.github.io/nightly"),
        ("Octo/octo.github.io", "https://octo.github.io"),
        ("Octo/Octo.github.io", "https://octo.github.io"),
    ],
)
def test_without_an_address_the_site_is_where_pages_serves_the_repository(
    site: Site, repository: str, address: str
) -> None:
    site.add(FROZEN)
    feed = site.build(settings="publishconf", GITHUB_REPOSITORY=repository).page("feeds/all.atom.xml")

    assert f'<link href="{address}/runs/{FROZEN.name}/" rel="alternate"/>' in feed


def test_the_owners_posts_stand_among_the_runs(site: Site) -> None:
    site.add(FROZEN)
    posts = site.path / "content" / "posts"
    posts.mkdir(parents=True)
    (posts / "note.md").write_text("Title: A note\nDate: 2026-11-20\n\nOf *mine*.\n")
    page = site.build(content=posts.parent).page("index.html")

    assert page.index(f"runs/{FROZEN.name}/") < page.index("A note") < page.index("Of <em>mine</em>.")
    assert "Of <em>mine</em>." in site.page("posts/a-note/index.html")
