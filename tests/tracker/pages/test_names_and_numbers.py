"""The site of what notebooks may log: names of any kind, numbers of any size, one name in several tasks."""

import math
import zipfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

import nightbook
from nightbook.record.format.layout import RunFolder
from nightbook.record.read.reader import read_run
from tests.support.built_site import Site
from tests.support.page_parser import parse_page
from tests.support.recording import declared, execute_attempt, recorded_invocation

pytestmark = pytest.mark.xdist_group("tracker")

RUNS = ["20261123T031700Z-000001", "20261124T031700Z-000002"]
NAMES = [
    "plots/roc [1].csv",
    "plots/50%.csv",
    ".hidden/.x.csv",
    'what? "5:<*>|".csv',
    "back\\slash.csv",
    "a\rb.csv",
]
NUMBERS = {
    "val/loss": [0.5, 0.25],
    "whole": [2**53, 2**53 + 1],
    "tiny": [5e-324, 1e-323],
    "huge": [1e308, -1e308],
    "none": [math.nan, -math.inf],
    "<b> & 😀": [1, 1],
}


def record(folder: RunFolder, number: int) -> None:
    def train() -> None:
        for name in NAMES:
            nightbook.log_text(name, name)
        for name, values in NUMBERS.items():
            nightbook.log_metric(name, values[number])
            for step, value in enumerate(values):
                nightbook.log_metric(f"{name} by step", value, step)
        nightbook.log_metric("accuracy", 0.9)

    with recorded_invocation(folder, [declared("train"), declared("check")]):
        execute_attempt(folder.task("train").attempt(1), log=train)
        execute_attempt(folder.task("check").attempt(1), log=lambda: nightbook.log_metric("accuracy", 0.8))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = Site(tmp_path_factory.mktemp("names"))
    for number, run_id in enumerate(RUNS):
        record(RunFolder(site.runs / run_id), number)
        assert read_run(site.runs / run_id).problems == ()
    return site.build()


def test_each_artifact_is_on_the_site_where_its_page_and_data_say(site: Site) -> None:
    [train, _] = site.data(f"api/runs/{RUNS[0]}.json")["tasks"]
    page = parse_page(site.output / train["url"] / "index.html")
    linked = {_linked(page.file.parent, element["href"]) for element in page.all("a")}

    assert [artifact["name"] for artifact in train["artifacts"]] == NAMES
    for artifact in train["artifacts"]:
        file = site.output / unquote(artifact["url"])
        assert file.read_bytes().decode() == artifact["name"]
        assert file in linked
        assert not any(part.startswith(".") for part in file.relative_to(site.output).parts)


def _linked(folder: Path, link: str) -> Path:
    return Path((folder / unquote(urlsplit(link).path)).absolute().as_posix()).resolve()


def test_the_whole_record_has_the_names_that_were_logged(site: Site) -> None:
    with zipfile.ZipFile(site.output / "runs" / RUNS[0] / "record.zip") as archive:
        names = set(archive.namelist())

    assert {f"{RUNS[0]}/tasks/train/attempt-01/artifacts/{name}" for name in NAMES} <= names


def test_each_metric_has_its_page_and_number(site: Site) -> None:
    runs = site.data("api/runs.json")
    page = site.page(f"runs/{RUNS[1]}/index.html")

    for name, values in NUMBERS.items():
        assert (site.output / unquote(runs["metric_urls"][name]) / "index.html").is_file()
        number = runs["runs"][0]["metrics"][name]
        assert float(number) == float(values[1])
    assert runs["runs"][0]["metrics"]["whole"] == "9007199254740993"
    assert "9007199254740993" in page
    assert "&lt;b&gt; &amp; 😀" in page


def test_a_metric_of_two_tasks_is_shown_for_both(site: Site) -> None:
    entry = site.data("api/runs.json")["runs"][0]

    assert (entry["metrics"]["train:accuracy"], entry["metrics"]["check:accuracy"]) == (0.9, 0.8)
    assert entry["told_apart"] == {"accuracy": ["train:accuracy", "check:accuracy"]}
    assert "accuracy" not in entry["metrics"]
    assert "accuracy 0.9000" in site.page("feeds/all.atom.xml")  # the best of both is the run's
