"""The whole site, built by Pelican from real records."""

import json

from built_site import Site
from project import REPOSITORY, Project

FROZEN = REPOSITORY / "tests" / "runlog" / "records" / "v1" / "20261123T031700Z-7f3a2c"


def test_without_a_run_the_site_says_how_to_make_one(site: Site) -> None:
    page = site.build().page("index.html")

    assert "No run is recorded yet" in page
    assert "make run" in page
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
    project.notebook("work", "import numpy as np", 'logger.log_image(np.zeros((4, 6), "uint8"), "dark.png")')
    assert project.run().returncode == 0
    (record,) = project.runs

    page = site.build().page(f"runs/{record.name}/index.html")

    assert 'dark.png" alt="dark.png of work ' in page
    assert 'width="6" height="4"' in page
    assert (site.output / "runs" / record.name / "tasks/work/attempt-01/notebook.ipynb").is_file()
