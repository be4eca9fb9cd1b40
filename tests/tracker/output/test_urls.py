"""The paths of pages: injective, and safe as names of files and in links."""

from itertools import combinations
from urllib.parse import unquote

import pytest

from nightbook.tracker.output.urls import RunPaths, branch_feed, metric_page, root_of, slug, url_of

NAMES = [
    "accuracy", "Accuracy", "ACCURACY", "f1 score", "f1-score", "f1_score", "a/b", "a\\b", "a%2Fb", "..", ".",
    ".hidden", "", " ", "index.html", "index", "page-2", "größe", "grosse", "日本語", "\u202e", "a" * 300,
    "a" * 301, "con", '"><script>', "x~y", "-", "a-", "\ud800".encode(errors="replace").decode(),
]  # fmt: skip


def test_different_names_have_different_places_even_where_case_is_ignored() -> None:
    for one, other in combinations(NAMES, 2):
        assert slug(one).lower() != slug(other).lower(), (one, other)


@pytest.mark.parametrize("name", NAMES)
def test_a_place_is_one_folder_and_its_url_leads_there(name: str) -> None:
    for path in (metric_page(name), branch_feed(name)):
        folder = path.split("/")[-2] if path.endswith("/index.html") else path.split("/")[-1]
        assert folder.encode("ascii")
        assert not folder.startswith(".")
        assert len(folder) < 100
        assert unquote(url_of(path)) == path.removesuffix("index.html")


def test_a_plain_name_is_its_own() -> None:
    assert metric_page("nr_train-images2") == "metrics/nr_train-images2/index.html"


def test_no_task_takes_the_place_of_a_page_or_an_attempt() -> None:
    paths = RunPaths("r")
    all_paths = [
        paths.task("x"),
        paths.attempt("x", 1),
        paths.task("x/attempt-01"),
        paths.task("x/index.html"),
        paths.task("x/a=1"),
        paths.attempt("x/a=1", 1),
    ]
    folders = {path.rpartition("/")[0] for path in all_paths}
    assert len(folders) == len(all_paths)
    assert not folders & set(all_paths)


@pytest.mark.parametrize(
    ("path", "root"), [("index.html", "./"), ("runs/index.html", "../"), ("a/b/c.html", "../../")]
)
def test_the_way_back_to_the_root(path: str, root: str) -> None:
    assert root_of(path) == root
