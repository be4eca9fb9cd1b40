"""Runs beside each other in a real browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import violations
from tests.support.browser import WIDE, Watched, needs_chromium
from tests.support.sample_records import DAMAGED, FAILED, HOSTILE, KILLED, READABLE_NIGHTS

pytestmark = [needs_chromium, pytest.mark.xdist_group("tracker")]

NONE, MINUS = "\N{EN DASH}", "\N{MINUS SIGN}"
FIRST, SECOND, LAST = READABLE_NIGHTS[0], READABLE_NIGHTS[1], READABLE_NIGHTS[-1]


def compare(watched: Watched, *run_ids: str, query: str = "") -> Page:
    page = watched.open(f"compare/?runs={','.join(run_ids)}{query}")
    expect(page.locator(".run-cards li")).to_have_count(len(run_ids))
    return page


def test_metrics_have_their_difference_to_the_baseline_and_the_best_is_marked(watched: Watched) -> None:
    page = compare(watched, FIRST, SECOND, FAILED)

    row = page.locator("#metrics tbody", has_text="size = 600").get_by_role("row", name="accuracy").first
    cells = row.get_by_role("cell")
    expect(cells).to_have_text(["0.906", "0.916 (best)▲ +0.01 (+1.1 %), better", NONE])
    loss = page.locator("#metrics tbody", has_text="size = 600").get_by_role("row", name="log_loss").first
    expect(loss.get_by_role("cell").nth(1)).to_contain_text(
        re.compile(rf"0\.084.*▲ {MINUS}0\.01 \({MINUS}11 %\), better")
    )
    expect(row.get_by_role("link", name="accuracy")).to_have_attribute(
        "href", re.compile("metrics/accuracy/$")
    )

    page.get_by_role("button", name="Make baseline: run B").click()
    expect(page.locator(".run-cards .title a").first).to_have_attribute("href", re.compile(SECOND))
    worse = page.locator("#metrics tbody", has_text="size = 600").get_by_role("row", name="accuracy").first
    expect(worse.get_by_role("cell").nth(1)).to_contain_text(f"▼ {MINUS}0.01 ({MINUS}1.1 %), worse")
    page.go_back()
    expect(page.locator(".run-cards .title a").first).to_have_attribute("href", re.compile(FIRST))


def test_other_metrics_are_folded_away(watched: Watched) -> None:
    page = compare(watched, FIRST, SECOND)
    expect(page.get_by_role("row", name="Accuracy", exact=True)).to_have_count(0)
    page.get_by_text("other metrics").click()
    expect(
        page.locator("#metrics details").get_by_role("row", name=re.compile("^Accuracy")).first
    ).to_be_visible()


def test_differences_are_marked_and_only_they_are_shown_if_wanted(watched: Watched) -> None:
    page = compare(watched, FIRST, LAST)
    branch = page.locator("#provenance").get_by_role("row", name="branch")
    expect(branch).to_have_class("differs")
    expect(branch.get_by_role("rowheader")).to_have_text("branch (differs)")
    expect(page.locator("#provenance").get_by_role("row", name="actor")).not_to_have_class("differs")
    page.get_by_label("Only differences").check()
    expect(page.locator("#provenance").get_by_role("row", name="actor")).to_have_count(0)
    expect(page.locator("#parameters")).to_be_hidden()
    expect(branch).to_be_visible()
    page.reload()
    expect(page.get_by_label("Only differences")).to_be_checked()
    expect(page.locator("#parameters")).to_be_hidden()


def test_figures_stand_side_by_side_and_missing_ones_are_named(watched: Watched) -> None:
    page = compare(watched, FIRST, FAILED, SECOND)
    figures = page.locator("#figures section", has=page.get_by_role("heading", name="one.png"))
    expect(figures.locator("img")).to_have_count(2)
    expect(figures.get_by_text("not logged by this run")).to_have_count(1)
    image = figures.get_by_alt_text("one.png of run C")
    image.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth === 1", arg=image.element_handle())
    tops = figures.locator("li").evaluate_all("items => items.map(item => item.offsetTop)")
    assert len(set(tops)) == 1


def test_timelines_have_one_scale_and_bars_that_tell_failures_without_colour(watched: Watched) -> None:
    page = compare(watched, FIRST, FAILED)
    lines = page.locator("#timelines section")
    expect(lines).to_have_count(2)
    failed = lines.nth(1).get_by_role("link", name=re.compile("attempt 2: failure"))
    expect(failed).to_have_text("✗")
    expect(failed).to_have_attribute("href", re.compile(f"{FAILED}/.*attempt-02/$"))
    expect(lines.nth(1).get_by_role("link", name=re.compile("attempt 1: timeout"))).to_have_count(1)
    lefts = page.locator("#timelines .track").evaluate_all(
        "tracks => tracks.map(track => track.getBoundingClientRect().left)"
    )
    assert max(lefts) - min(lefts) < 1
    ends = page.locator("#timelines .bar").evaluate_all(
        "bars => bars.map(bar => bar.getBoundingClientRect().right"
        " - bar.parentNode.getBoundingClientRect().right)"
    )
    assert max(ends) < 4


def test_lines_of_the_parallel_coordinates_stand_out_by_pointer_and_keyboard(watched: Watched) -> None:
    page = compare(watched, FIRST, SECOND)
    svg = page.get_by_role("group", name="Lines over the axes")
    lines = svg.get_by_role("link")
    expect(lines).to_have_count(4)
    expect(lines.first).to_have_accessible_name(
        re.compile(r"Run A, size = 600: size 600; accuracy 0\.906; log_loss 0\.094")
    )
    dashes = lines.evaluate_all(
        "links => links.map(link => getComputedStyle(link.querySelector('.stroke')).strokeDasharray)"
    )
    assert dashes[0] == dashes[1] != dashes[2] == dashes[3]
    lines.nth(2).focus()
    expect(page.locator(".readout")).to_contain_text("Run B, size = 600")
    page.keyboard.press("Tab")
    expect(page.locator(".readout")).to_contain_text("Run B, size = 800")
    assert float(lines.first.evaluate("line => getComputedStyle(line).opacity")) < 0.5
    assert float(lines.last.evaluate("line => getComputedStyle(line).opacity")) == 1

    page.get_by_text(re.compile(r"^Axes: 3 of \d+$")).click()
    page.get_by_role("checkbox", name="log_loss").uncheck()
    expect(svg.locator(".axis")).to_have_count(2)
    expect(page.locator(":focus")).to_have_attribute("type", "checkbox")
    page.reload()
    expect(svg.locator(".axis")).to_have_count(2)


def test_runs_are_added_and_removed(watched: Watched) -> None:
    page = watched.open("compare/")
    expect(page.locator("#message")).to_contain_text("Choose runs")
    add = page.get_by_label("Add a run")
    add.fill(FIRST)
    expect(page.locator("#message")).to_contain_text("This is one run")
    expect(page.locator("#metrics")).to_be_visible()
    add.fill(SECOND)
    expect(page.locator(".run-cards li")).to_have_count(2)
    expect(page.locator("#message")).to_be_empty()
    expect(add).to_have_value("")
    add.fill(SECOND)  # is there already
    expect(page.locator(".run-cards li")).to_have_count(2)
    page.get_by_role("button", name="Remove: run A").click()
    expect(page.locator(".run-cards li")).to_have_count(1)
    expect(page.locator("#runs")).to_be_focused()
    page.go_back()
    expect(page.locator(".run-cards li")).to_have_count(2)
    assert page.url.endswith(f"compare/?runs={FIRST},{SECOND}")


def test_runs_that_are_unknown_or_unreadable_are_named_beside_the_others(watched: Watched) -> None:
    page = compare(watched, FIRST, "20200101T000000Z-ffffff", DAMAGED, KILLED)
    cards = page.locator(".run-cards li")
    expect(cards.nth(1)).to_contain_text("The site has no run with this id.")
    expect(cards.nth(2).locator(".outcome")).to_have_text("?unreadable")
    expect(cards.nth(2).locator(".why")).not_to_be_empty()
    expect(page.locator("#message")).to_have_text("2 runs cannot be compared.")
    expect(page.locator("#metrics thead .letter")).to_have_text(["A", "D"])


@pytest.mark.promise("The text of a record is text on pages, in summaries and in diagrams, never markup.")
def test_a_hostile_run_is_only_text(watched: Watched) -> None:
    page = compare(watched, HOSTILE, FIRST)
    expect(page.locator("#provenance")).to_contain_text("<script>")
    expect(page.locator("#packages")).to_contain_text("<script>")
    page.locator("#metrics summary").click()
    page.get_by_text(re.compile("^Axes:")).click()
    assert page.locator("main script, main [onerror]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDE["width"]


def test_accessible_and_within_the_screen(watched_screen: Watched) -> None:
    page = compare(watched_screen, FIRST, FAILED, LAST, "20200101T000000Z-ffffff", KILLED)
    for summary in page.locator("#compare summary").all():
        if not summary.evaluate("summary => summary.parentNode.open"):
            summary.click()
    assert violations(page) == []


def test_without_javascript_it_says_what_is_missing(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Watched(context.new_page(), address).open("compare/")
    expect(page.get_by_text("Comparing runs needs JavaScript")).to_be_visible()
    expect(page.locator("#compare")).to_be_hidden()
    context.close()
