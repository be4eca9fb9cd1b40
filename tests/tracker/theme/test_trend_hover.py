"""The chart of a metric in a real browser: the tooltips of its points, its branches, its legend."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.accessibility import violations
from tests.support.browser import PHONE, Watched, needs_chromium
from tests.support.sample_records import READABLE_NIGHTS

pytestmark = [needs_chromium, pytest.mark.xdist_group("tracker")]

LAST = READABLE_NIGHTS[-1]


def open_trend(watched: Watched) -> Page:
    page = watched.open("metrics/accuracy/")
    expect(page.locator(".branches")).to_be_visible()
    return page


def mark_of(page: Page, run_id: str, series: str = "train/size=600") -> Locator:
    return page.locator(f"g[data-series='{series}'] a.mark[data-run='{run_id}']")


def test_a_point_shows_its_run_under_the_pointer_and_a_click_beside_it_opens_it(watched: Watched) -> None:
    page = open_trend(watched)
    box = mark_of(page, LAST).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 12)

    tooltip = page.locator(".tooltip")
    expect(tooltip).to_be_visible()
    expect(tooltip.locator("strong")).to_have_text("0.976")
    expect(tooltip).to_contain_text("train/size=600")
    expect(tooltip).to_contain_text(re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC · feature/ä <b>"))
    page.keyboard.press("Escape")
    expect(tooltip).to_be_hidden()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 + 12)
    page.wait_for_url(f"{watched.address}runs/{LAST}/")


def test_a_point_shows_its_run_when_it_is_focused(watched: Watched) -> None:
    page = open_trend(watched)
    mark_of(page, LAST).focus()
    expect(page.locator(".tooltip strong")).to_have_text("0.976")
    expect(mark_of(page, LAST)).to_have_accessible_name(re.compile(r"train/size=600: 0\.976"))
    page.keyboard.press("Escape")
    expect(page.locator(".tooltip")).to_be_hidden()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{watched.address}runs/{LAST}/")


def test_a_first_tap_shows_the_run_and_a_second_opens_it(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = open_trend(Watched(context.new_page(), address))
    box = mark_of(page, READABLE_NIGHTS[4]).bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.touchscreen.tap(*place)
    expect(page.locator(".tooltip strong")).to_have_text("0.946")
    page.wait_for_timeout(300)
    assert page.url.endswith("metrics/accuracy/")
    page.touchscreen.tap(*place)
    page.wait_for_url(f"{address}runs/{READABLE_NIGHTS[4]}/")
    context.close()


def test_branches_are_left_out_and_lines_go_through_the_rest(watched: Watched) -> None:
    page = open_trend(watched)
    line = page.locator("svg.lines [data-series='train/size=600']")
    whole = line.evaluate_all("lines => lines.map(line => line.getAttribute('points')).join()")
    page.get_by_role("group", name="Branches").get_by_label("main").uncheck()

    expect(mark_of(page, READABLE_NIGHTS[0])).to_be_hidden()
    expect(mark_of(page, LAST)).to_be_visible()
    expect(line).to_have_count(1)
    assert len((line.get_attribute("points") or "").split()) == 2  # of the feature branch's good nights
    page.get_by_role("group", name="Branches").get_by_label("main").check()
    assert line.evaluate_all("lines => lines.map(line => line.getAttribute('points')).join()") == whole


def test_the_legend_makes_one_line_stand_out(watched: Watched) -> None:
    page = open_trend(watched)
    button = page.get_by_role("button", name="train/size=800")
    button.click()
    page.mouse.move(0, 0)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator("g[data-series='train/size=600']")).to_have_class(re.compile("faint"))
    expect(page.locator("g[data-series='train/size=800']")).not_to_have_class(re.compile("faint"))
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    expect(page.locator(".faint")).to_have_count(0)


def test_accessible_and_within_the_screen(watched_screen: Watched) -> None:
    page = open_trend(watched_screen)
    mark_of(page, LAST).focus()
    page.get_by_role("button", name="train/size=800").click()
    mark_of(page, LAST).focus()
    expect(page.locator(".tooltip")).to_be_visible()
    assert violations(page) == []
