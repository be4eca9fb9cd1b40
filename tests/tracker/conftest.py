from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import PHONE, WIDE, Watched, launch, served
from tests.support.built_site import Site
from tests.support.sample_records import add_all


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """A folder without records."""
    return Site(tmp_path)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site of all sample records, built once. Whoever changes it copies it first."""
    sample = Site(tmp_path_factory.mktemp("sample"))
    add_all(sample.runs)
    return sample.build()


@pytest.fixture(scope="session")
def address(sample: Site) -> Iterator[str]:
    """Where the sample site is served."""
    with served(sample.output) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser. While it is there, its event loop runs, and nothing that starts one works beside it."""
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield browser


@pytest.fixture
def watched(browser: Browser, address: str) -> Iterator[Watched]:
    """A wide window on the sample site, which stays quiet, and in which no script of a run runs."""
    context = browser.new_context(viewport=WIDE, accept_downloads=True)
    watched = Watched(context.new_page(), address)
    yield watched
    assert watched.complaints == []
    assert "owned" not in watched.page.title()
    context.close()


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Literal["light", "dark"]:
    """Which colours the reader's system prefers."""
    return request.param


@pytest.fixture(params=[PHONE, WIDE], ids=["phone", "wide"])
def watched_screen(
    request: pytest.FixtureRequest, browser: Browser, address: str, scheme: Literal["light", "dark"]
) -> Iterator[Watched]:
    """A window of each size, light and dark, that stays quiet and whose page is no wider than the screen."""
    context = browser.new_context(viewport=request.param, color_scheme=scheme)
    watched = Watched(context.new_page(), address)
    yield watched
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= request.param["width"]
    assert watched.complaints == []
    context.close()
