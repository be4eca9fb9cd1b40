"""The gate's verdicts on the pages of a built site."""

import xml.etree.ElementTree as ET

import pytest

from nightbook.record.format.layout import RunFolder
from nightbook.record.goals import Better
from nightbook.settings import read_settings
from tests.support.built_site import Site
from tests.support.project import REPOSITORY
from tests.support.recording import record_night


def titles(site: Site, feed: str) -> list[str]:
    root = ET.fromstring(site.page(f"feeds/{feed}.atom.xml"))
    return [title.text or "" for title in root.findall("{*}entry/{*}title")]


def test_a_run_that_is_worse_than_main_stands_on_the_front_page_and_in_a_feed(site: Site) -> None:
    configuration = read_settings(REPOSITORY)
    goal = next((goal for goal in configuration.goals if goal.tolerance is not None), None)
    if goal is None or goal.tolerance is None:
        pytest.skip("luigi.cfg has no metric with a tolerance")
    worse = 5 + (-2 if goal.better is Better.HIGHER else 2) * (goal.tolerance + 1)
    nights = [(night, 5.0, configuration.main_branch) for night in range(1, 7)]
    for day, value, branch in [*nights, (20, 5.0, "as good"), (21, worse, "worse")]:
        folder = RunFolder(site.runs / f"202611{day:02d}T031700Z-7f3a2c")
        record_night(folder, value, branch, goal.metric)
    site.build()

    (title,) = titles(site, "regressions")
    assert title.endswith(", regressed")
    assert len(titles(site, "all")) == 8
    assert titles(site, "failures") == []
    text = f"regressed: use, {goal.metric} {worse:.3f}, main&#39;s median 5.000, noise ±"
    assert site.page("index.html").count(text) == 1
    site.build()  # from the cache
    assert site.page("index.html").count(text) == 1
