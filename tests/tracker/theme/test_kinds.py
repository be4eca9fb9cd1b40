"""The pages of a real run with tasks of each kind, while it goes on and when it has ended."""

import html
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.support.accessibility import violations
from tests.support.browser import PHONE, WIDE, Watched, needs_chromium, served
from tests.support.built_site import Site
from tests.support.kinds_pipeline import has_all_but_the_endless, write_all_kinds
from tests.support.project import REPOSITORY, TIMEOUT_S, Project, wait_for

pytestmark = [needs_chromium, pytest.mark.xdist_group("tracker")]

SUCCESSFUL = ("measure", "clean/threshold=0.5", "sort", "plain")
FAILED = ("bad-notebook", "bad-function", "bad-script", "bad-plain")
RUNNING = ("endless", "endless-notebook")


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, Site]:
    """The site that was built while the run went on, and the one of the ended run."""
    project = Project(tmp_path_factory.mktemp("kinds"))
    shutil.copy(REPOSITORY / "luigi.cfg", project.path)
    write_all_kinds(project)
    live, ended = Site(project.path), Site(tmp_path_factory.mktemp("ended"))
    run = project.start("run", "--pipeline", "pipe:Root", "--workers", "4")
    try:
        wait_for(lambda: bool(project.runs), "the run begins", timeout_s=120)
        wait_for(lambda: has_all_but_the_endless(project), "the others end", timeout_s=120)
        live.build()
    finally:
        (project.path / "go").touch()
        run.communicate(timeout=TIMEOUT_S)
    ended.add(project.runs[-1])
    return live, ended.build()


@pytest.fixture(scope="module")
def addresses(sites: tuple[Site, Site]) -> Iterator[tuple[str, str]]:
    with served(sites[0].output) as live, served(sites[1].output) as ended:
        yield live, ended


def folder(site: Site) -> str:
    [run] = (path.name for path in site.runs.iterdir() if path.is_dir())
    return f"runs/{run}/"


def text(site: Site, task: str) -> str:
    """The page of a task's attempt, as its reader sees its texts."""
    return html.unescape(site.page(f"{folder(site)}tasks/{task}/attempt-01/index.html"))


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (WIDE, "light")], ids=["phone", "wide"])
def test_all_pages_are_quiet_accessible_and_as_wide_as_the_screen(
    browser: Browser,
    sites: tuple[Site, Site],
    addresses: tuple[str, str],
    size: ViewportSize,
    scheme: str,
) -> None:
    for site, address, tasks in zip(sites, addresses, (RUNNING, SUCCESSFUL + FAILED), strict=True):
        context = browser.new_context(viewport=size, color_scheme=scheme)  # type: ignore[arg-type]
        watched = Watched(context.new_page(), address)
        pages = [f"tasks/{task}/{page}" for task in tasks for page in ("", "attempt-01/")]
        for place in ("", *pages):
            page = watched.open(folder(site) + place)
            for details in page.locator("details").all():
                details.evaluate("element => element.open = true")
            assert violations(page) == [], place
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], place
            assert watched.complaints == [], place
        context.close()


@pytest.mark.parametrize(
    ("task", "source", "printed"),
    [
        ("clean/threshold=0.5", "Keep the rows of which all numbers are known.", "100 %\nkept 3 of 5 rows\n"),
        ("sort", "seq 5 | sort -r", "sorts\n5\n4\n3\n2\n1\n"),
        ("plain", "Count what was sorted, as any task of Luigi's does.", "counts\ncounted\n"),
        ("bad-plain", "asks for a key", "asks for a key\n"),
    ],
)
def test_an_attempt_has_its_source_and_what_it_printed(
    sites: tuple[Site, Site], task: str, source: str, printed: str
) -> None:
    shown = text(sites[1], task)

    assert source in shown
    assert printed in shown.rpartition("Output")[2]


@pytest.mark.parametrize(
    ("task", "title", "line"),
    [
        ("bad-notebook", "Traceback", "int('seven')"),
        ("bad-function", "Traceback", "return number / 0"),
        ("bad-script", "Details", "cat: /no/such/file"),
        ("bad-plain", "Traceback", '{}["missing"]'),
    ],
)
def test_a_failure_shows_the_line_of_the_task_and_none_of_the_machinery(
    sites: tuple[Site, Site], task: str, title: str, line: str
) -> None:
    before, _, shown = text(sites[1], task).partition(title)
    failure = shown.partition("Source")[0]

    assert before
    assert line in failure
    assert "worker.py" not in failure
    assert "plain_process.py" not in failure


@pytest.mark.parametrize(
    ("task", "printed", "progress"),
    [("endless", "step 39", "37 of 100 · epoch 3"), ("endless-notebook", "begins", "1 of 4")],
)
def test_a_running_attempt_shows_its_output_so_far_and_no_duration(
    sites: tuple[Site, Site], task: str, printed: str, progress: str
) -> None:
    shown = text(sites[0], task)

    assert printed in shown.partition("Output so far")[2]
    assert progress in shown
    assert " ms" not in shown
