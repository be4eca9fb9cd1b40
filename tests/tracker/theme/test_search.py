"""The search over all text in a real browser, with Pagefind's own program."""

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.accessibility import violations
from tests.support.browser import Watched, needs_chromium, served
from tests.support.built_site import Site
from tests.support.sample_records import FAILED, HOSTILE, READABLE_NIGHTS

pytestmark = [needs_chromium, pytest.mark.xdist_group("tracker")]


def open_search(watched: Watched, query: str = "") -> Page:
    page = watched.open(f"search/{query}")
    expect(page.get_by_role("searchbox")).to_be_visible()
    return page


def found(page: Page) -> list[str]:
    expect(page.locator("#results li").first).to_be_visible()
    links = page.locator("#results h2 a").evaluate_all("links => links.map(link => link.href)")
    return [link.rstrip("/").rpartition("/")[2] for link in links]


def test_finds_the_words_of_an_error_and_leads_to_the_run(watched: Watched) -> None:
    page = open_search(watched)
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("labels are gone")

    expect(page.locator("#count")).to_have_text("1 run for “labels are gone”")
    assert found(page) == [FAILED]
    expect(page.locator("#results mark").first).to_have_text(re.compile("labels", re.IGNORECASE))
    page.locator("#results a").click()
    assert page.url == f"{watched.address}runs/{FAILED}/"
    page.go_back()
    expect(page.get_by_role("searchbox")).to_have_value("labels are gone")
    assert found(page) == [FAILED]


def test_filters_narrow_it_down_and_stay_in_the_address(watched: Watched) -> None:
    page = open_search(watched, "?q=zebras")
    expect(page.locator("#count")).to_have_text(re.compile(r"^\d+ runs for"))
    page.get_by_role("group", name="branch").get_by_label("feature/ä <b>").check()
    expect(page.locator("#count")).to_have_text("3 runs for “zebras”")
    page.get_by_role("group", name="outcome").get_by_label("success").check()
    expect(page.locator("#count")).to_have_text("2 runs for “zebras”")
    assert set(found(page)) == set(READABLE_NIGHTS[3::4])
    page.reload()
    expect(page.locator("#count")).to_have_text("2 runs for “zebras”")
    expect(page.get_by_label("success")).to_be_checked()
    page.go_back()
    expect(page.locator("#count")).to_have_text("3 runs for “zebras”")


def test_filters_alone_list_runs_newest_first(watched: Watched) -> None:
    page = open_search(watched, "?outcome=interrupted")
    expect(page.locator("#count")).to_have_text("1 run")
    page = open_search(watched, "?outcome=success&outcome=unreadable")
    expect(page.locator("#results li")).to_have_count(10)
    days = [text[:10] for text in page.locator("#results .facts").all_inner_texts()]
    assert len(set(days)) > 1
    assert days == sorted(days, reverse=True)


def test_a_search_without_results_says_so(watched: Watched) -> None:
    page = open_search(watched)
    page.get_by_role("searchbox").fill("qqqxqqq")
    expect(page.locator("#count")).to_have_text(
        "Nothing found for “qqqxqqq”. Fewer or shorter words find more."
    )
    page.get_by_role("searchbox").fill("")
    expect(page.locator("#count")).to_be_empty()
    expect(page.locator("#results li")).to_have_count(0)


def test_a_slash_leads_to_the_box_and_more_results_come_on_request(watched: Watched) -> None:
    page = open_search(watched, "?outcome=success&outcome=failure&outcome=interrupted")
    expect(page.locator("#results li")).to_have_count(10)
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_be_empty()
    page.get_by_role("button", name="Show more").click()
    nr_found = int(page.locator("#count").inner_text().split()[0])
    expect(page.locator("#results li")).to_have_count(nr_found)
    expect(page.locator("#results li").nth(10).get_by_role("link")).to_be_focused()
    expect(page.get_by_role("button", name="Show more")).to_be_hidden()


@pytest.mark.parametrize(
    ("query", "mark"),
    [
        ("日本", "日本"),
        ("本語", "本語"),
        ("語", "語"),
        ("GRÖSSE", "Größe"),
        ("grosse", "Größe"),
        ("😀", "😀"),
    ],
)
def test_scripts_without_spaces_accents_and_emoji_are_found_and_marked(
    watched: Watched, query: str, mark: str
) -> None:
    page = open_search(watched, f"?q={quote(query)}")

    assert FAILED in found(page)
    expect(page.locator("#results mark").first).to_have_text(re.compile(mark, re.IGNORECASE))
    assert "\u241f" not in page.locator("#results").inner_text()


def test_the_same_characters_in_another_order_are_not_found(watched: Watched) -> None:
    page = open_search(watched, f"?q={quote('語本')}")

    expect(page.locator("#count")).to_have_text(re.compile("^Nothing found"))


@pytest.mark.promise("The text of a record is text on pages, in summaries and in diagrams, never markup.")
def test_hostile_text_is_only_text(watched: Watched) -> None:
    page = open_search(watched, "?q=onerror")
    assert HOSTILE in found(page)
    expect(page.locator("#results .excerpt").first).to_contain_text("<")
    assert page.locator("#results :is(script, img)").count() == 0


def test_accessible_and_within_the_screen(watched_screen: Watched) -> None:
    page = open_search(watched_screen, "?q=make&outcome=success&outcome=failure")
    expect(page.locator("#results li").first).to_be_visible()
    assert violations(page) == []


def test_without_its_index_it_says_so(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.route("**/pagefind/pagefind.js", lambda route: route.abort())
    page.goto(f"{address}search/?q={json.dumps('x')}")
    expect(page.get_by_role("alert")).to_contain_text("The search's index cannot be loaded")
    page.close()


def test_without_a_run_there_is_nothing_to_search(browser: Browser, site: Site) -> None:
    with served(site.build().output) as address:
        watched = Watched(browser.new_page(), address)
        page = watched.open("search/?q=x")
        expect(page.get_by_role("main")).to_contain_text("No run is recorded yet")
        expect(page.get_by_role("alert")).to_have_count(0)
        assert watched.complaints == []
        watched.page.close()
