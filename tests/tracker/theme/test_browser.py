"""The sample site in a real browser: quiet, readable by all, and dead where it must be."""

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.support.accessibility import violations
from tests.support.browser import PHONE, WIDE, Watched, needs_chromium, served
from tests.support.built_site import Site
from tests.support.sample_records import DAMAGED, FAILED, HOSTILE, KILLED, READABLE_NIGHTS

pytestmark = [needs_chromium, pytest.mark.xdist_group("tracker")]

NIGHT = f"runs/{READABLE_NIGHTS[-1]}/"
PLACES = {
    "home": "",
    "runs": "runs/",
    "run": NIGHT,
    "failed": f"runs/{FAILED}/",
    "killed": f"runs/{KILLED}/",
    "hostile": f"runs/{HOSTILE}/",
    "unreadable": f"runs/{DAMAGED}/",
    "task": f"{NIGHT}tasks/train/size=600/",
    "attempt": f"{NIGHT}tasks/make/attempt-01/",
    "hostile attempt": f"runs/{HOSTILE}/tasks/make/attempt-01/",
    "metrics": "metrics/",
    "metric": "metrics/accuracy/",
    "page": "pages/about/",
}


def watch(browser: Browser, address: str, **options: object) -> Watched:
    return Watched(browser.new_context(**options).new_page(), address)  # type: ignore[arg-type]


@pytest.mark.promise("No page of the tracker asks another host for anything.")
@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "dark"), (WIDE, "light")], ids=["phone", "wide"])
def test_every_page_is_quiet_accessible_and_as_wide_as_the_screen(
    browser: Browser, address: str, size: ViewportSize, scheme: str
) -> None:
    watched = watch(browser, address, viewport=size, color_scheme=scheme)
    for name, place in PLACES.items():
        page = watched.open(place)
        assert violations(page) == [], name
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{name} is {width} pixels wide"
        if name == "hostile attempt":  # Chromium reports each script and redirection that it refuses
            assert not [each for each in watched.complaints if each.startswith("request")]
            watched.complaints.clear()
        assert watched.complaints == [], name


def test_nothing_moves_while_a_page_is_loaded(browser: Browser, address: str) -> None:
    watched = watch(browser, address, viewport=WIDE)
    watched.page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => window.shift += entry.value)).observe({type: 'layout-shift', buffered: true})"
    )
    for name in ("home", "run", "task", "attempt", "metric"):
        page = watched.open(PLACES[name])
        page.wait_for_timeout(300)
        assert page.evaluate("window.shift") < 0.01, name


@pytest.mark.promise("No script of a record runs in the browser of a reader.")
@pytest.mark.parametrize(
    ("place", "highest"), [(PLACES["attempt"], 1_000), (PLACES["hostile attempt"], 1_000_000)]
)
def test_a_notebook_is_shown_and_its_scripts_stay_dead(
    browser: Browser, address: str, place: str, highest: int
) -> None:
    watched = watch(browser, address, viewport=WIDE)
    page = watched.open(place)
    frame = page.frame_locator("iframe.notebook")
    frame.get_by_role("heading", name="A notebook").wait_for()
    page.wait_for_timeout(500)

    assert page.url == address + place
    assert "owned" not in page.title()
    assert frame.locator("html").evaluate("element => element.ownerDocument.title") == "notebook"
    assert frame.locator("td").evaluate("element => getComputedStyle(element).color") == "rgb(255, 0, 0)"
    # What is as high as its window, and a bit, would make the frame grow for ever.
    height = page.locator("iframe.notebook").evaluate("frame => frame.offsetHeight")
    assert WIDE["height"] <= height <= highest


def test_the_frame_of_a_notebook_is_as_high_as_its_content(browser: Browser, address: str) -> None:
    page = watch(browser, address, viewport=WIDE).open(PLACES["attempt"])
    frame = page.frame_locator("iframe.notebook")
    frame.locator("style").evaluate("element => element.remove()")
    page.wait_for_function("document.querySelector('iframe.notebook').offsetHeight < 300")
    root = frame.locator("html")
    assert root.evaluate("element => element.scrollHeight === element.clientHeight"), "nothing scrolls inside"
    assert root.evaluate("element => element.clientHeight - element.offsetHeight") == 0
    assert page.locator(".site-footer").is_visible()

    root.evaluate("element => element.querySelector('h1').style.height = '3000px'")
    page.wait_for_function("document.querySelector('iframe.notebook').offsetHeight > 3000")
    assert root.evaluate("element => element.scrollHeight === element.clientHeight"), "nothing scrolls inside"


@pytest.mark.promise("No script of a record runs in the browser of a reader.")
def test_a_drawing_with_a_script_is_only_a_picture(browser: Browser, address: str) -> None:
    page = watch(browser, address).open(f"{NIGHT}tasks/make/")
    drawing = page.get_by_alt_text("drawing.svg of make")
    drawing.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete", arg=drawing.element_handle())
    assert drawing.evaluate("image => image.naturalWidth") == 40
    assert "owned" not in page.title()


def test_the_theme_is_chosen_and_kept(browser: Browser, address: str) -> None:
    watched = watch(browser, address, color_scheme="light")
    page = watched.open("")
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    button = page.get_by_role("button", name="Dark theme")
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    dark = page.evaluate(ground)
    assert dark != light
    assert watched.open("runs/").evaluate(ground) == dark
    frame = watched.open(PLACES["attempt"]).frame_locator("iframe.notebook")
    assert frame.locator("html[data-theme=dark]").count() == 1


def test_without_javascript_everything_is_there(browser: Browser, address: str) -> None:
    watched = watch(browser, address, java_script_enabled=False)
    page = watched.open("")
    assert not page.get_by_role("button", name="Dark theme").is_visible()
    page.get_by_role("link", name="Runs", exact=True).click()
    assert page.locator("table tbody tr").count() > len(READABLE_NIGHTS)
    assert watched.open(PLACES["metric"]).locator("svg.chart a.mark").count() > len(READABLE_NIGHTS)
    watched.open(NIGHT).locator("svg.dag a", has_text="train").first.click()
    assert page.url.startswith(f"{address}{NIGHT}tasks/train/")
    frame = watched.open(PLACES["attempt"]).frame_locator("iframe.notebook")
    assert frame.get_by_role("heading", name="A notebook").is_visible()
    assert watched.complaints == []


def test_the_keyboard_reaches_all_and_shows_where_it_is(browser: Browser, address: str) -> None:
    page = watch(browser, address, viewport=WIDE).open(NIGHT)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = []
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "(() => { const e = document.activeElement, r = e.querySelector('rect') ?? e;"
                "const s = getComputedStyle(r), o = getComputedStyle(e);"
                "return [e.getAttribute('class') ?? e.tagName, o.outlineStyle !== 'none' || "
                "parseFloat(s.strokeWidth) >= 2] })()"
            )
        )
    assert all(visible for _, visible in reached), reached
    assert "node node-success" in [name for name, _ in reached]


def test_the_site_works_below_any_path_and_as_files(browser: Browser, sample: Site) -> None:
    with served(sample.output, "/some/where") as address:
        watched = watch(browser, address)
        watched.open("").get_by_role("link", name="Metrics").click()
        watched.page.get_by_role("link", name="accuracy").first.click()
        watched.page.locator("svg.chart a.mark").last.focus()
        watched.page.keyboard.press("Enter")
        watched.page.wait_for_url(f"{address}runs/*/")
        assert watched.complaints == []
    page = browser.new_page()
    page.goto(f"{(sample.output / NIGHT).as_uri()}/index.html")
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).fontFamily").startswith("Newsreader")


def test_the_search_index_finds_what_a_notebook_says(browser: Browser, address: str) -> None:
    page = watch(browser, address).open("api/runs.json")  # no page of ours, so without their policy
    found = page.evaluate(
        "async () => { const pagefind = await import(location.origin + '/pagefind/pagefind.js');"
        "const result = await pagefind.search('zebras'); return result.results.length }"
    )
    assert found >= len(READABLE_NIGHTS)
