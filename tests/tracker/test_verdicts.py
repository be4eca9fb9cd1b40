"""What the gate says of runs, on the pages of a built site."""

import xml.etree.ElementTree as ET

from built_site import Site
from project import REPOSITORY
from runlog.recording import record_night
from tasks.runlog.layout import RunFolder

NIGHTS = (0.970, 0.972, 0.968, 0.971, 0.969)


def titles(site: Site, feed: str) -> list[str]:
    root = ET.fromstring(site.page(f"feeds/{feed}.atom.xml"))
    return [title.text or "" for title in root.findall("{*}entry/{*}title")]


def test_a_run_that_is_worse_than_main_is_told_on_the_front_page_and_in_a_feed(site: Site) -> None:
    assert '"accuracy": {"better": "higher", "tolerance": 0.01}' in (REPOSITORY / "luigi.cfg").read_text()
    for night, accuracy in enumerate(NIGHTS, 1):
        record_night(RunFolder(site.runs / f"202611{night:02d}T031700Z-7f3a2c"), accuracy)
    record_night(RunFolder(site.runs / "20261120T120000Z-7f3a2c"), 0.965, branch="as good")
    record_night(RunFolder(site.runs / "20261121T120000Z-7f3a2c"), 0.9, branch="worse")
    site.build()

    (title,) = titles(site, "regressions")
    assert title.endswith(": success, accuracy 0.9000, regressed")
    assert len(titles(site, "all")) == 7
    assert titles(site, "failures") == []
    text = "regressed: use, accuracy 0.9000, main&#39;s median 0.9700, noise ±0.0100"
    assert site.page("index.html").count(text) == 1

    site.build()  # of what is remembered of the runs
    assert site.page("index.html").count(text) == 1
