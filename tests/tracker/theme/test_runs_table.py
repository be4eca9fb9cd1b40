"""The table of all runs in a real browser: sort, search, columns, filters, addresses, downloads."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.support.accessibility import violations
from tests.support.browser import WIDE, Watched, needs_chromium, served
from tests.support.built_site import Site
from tests.support.sample_records import ATTACK, DAMAGED, FAILED, HOSTILE, KILLED, NEWER, READABLE_NIGHTS

pytestmark = [needs_chromium, pytest.mark.xdist_group("tracker")]

NONE = "\N{EN DASH}"
NR_RUNS = len(READABLE_NIGHTS) + 6
NR_COPIES, NR_VARIANTS = 1000, 4
MOST_ROWS = 80  # elements at a time: those in sight, and a margin


@pytest.fixture(scope="module")
def large(sample: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The sample site with the data of many runs: the last good night, over and over."""
    output = tmp_path_factory.mktemp("large") / "output"
    shutil.copytree(sample.output, output)
    data = sample.data("api/runs.json")
    night = next(run for run in data["runs"] if run["run_id"] == READABLE_NIGHTS[-1])
    data["runs"] = [copy_of(night, number) for number in range(NR_COPIES)]
    (output / "api/runs.json").write_text(json.dumps(data))
    with served(output) as address:
        yield address


def copy_of(night: dict[str, Any], number: int) -> dict[str, Any]:
    variants = [
        {
            "params": {"size": str(size)},
            "metrics": {"accuracy": (number * size % 997) / 997, "log_loss": size},
        }
        for size in range(1, NR_VARIANTS + 1)
    ]
    start = f"2026-{number // 100 + 1:02d}-{number % 28 + 1:02d}T03:17:00.000Z"
    return night | {"run_id": f"run-{number:04d}", "start": start, "variants": variants}


def open_runs(watched: Watched, query: str = "") -> Page:
    page = watched.open(f"runs/{query}")
    expect(page.locator("#runs-table tbody tr").first).to_be_attached()
    return page


def rows(page: Page) -> list[str]:
    """The ids of the runs in the table, from above."""
    links = page.locator("#runs-table tbody th a").evaluate_all("links => links.map(link => link.href)")
    return [link.rstrip("/").rpartition("/")[2] for link in links]


def column(page: Page, name: str) -> list[str]:
    """The texts of a column, without what only a screen reader reads."""
    heads = page.locator("#runs-table thead tr").last.locator("th, td").all()
    index = next(
        i for i, head in enumerate(heads) if head.locator(".label", has_text=re.compile(f"^{name}$")).count()
    )
    cells = page.locator(f"#runs-table tbody tr:not(.beyond) > :nth-child({index + 1})")
    return [
        str(text)
        for text in cells.evaluate_all(
            "cells => cells.map(cell => { const copy = cell.cloneNode(true);"
            " for (const each of copy.querySelectorAll('.visually-hidden')) each.remove();"
            " return copy.textContent })"
        )
    ]


def head(page: Page, name: str) -> Locator:
    return page.locator("#runs-table thead th", has=page.locator(".label", has_text=re.compile(f"^{name}$")))


def search(page: Page, text: str) -> None:
    page.get_by_role("combobox", name="Search").fill(text)
    page.keyboard.press("Enter")


def test_newest_first_with_outcome_trigger_and_the_best_of_the_variants(watched: Watched) -> None:
    page = open_runs(watched)

    expect(page.locator("#count")).to_have_text(f"{NR_RUNS} runs")
    starts = [start for start in column(page, "start") if start.startswith("20") and "T" not in start]
    assert starts == sorted(starts, reverse=True)
    assert len(rows(page)) == NR_RUNS
    night = page.locator("#runs-table tbody tr", has=page.locator(f"a[href*='{READABLE_NIGHTS[-1]}']"))
    expect(night.locator(".outcome")).to_have_text("✓success")
    expect(night).to_contain_text("nightly")
    expect(night.locator(".best").first).to_have_text("0.978 (best)")
    expect(night.locator(".best").first).to_have_attribute(
        "title", re.compile("best of 2 variants: size = 800")
    )
    expect(page.locator("#runs-static")).to_have_count(0)


def test_sorts_by_any_column_with_what_is_unknown_last(watched: Watched) -> None:
    page = open_runs(watched)
    expect(head(page, "start")).to_have_attribute("aria-sort", "descending")
    head(page, "accuracy").get_by_role("button").click()

    expect(head(page, "accuracy")).to_have_attribute("aria-sort", "descending")
    assert head(page, "start").get_attribute("aria-sort") is None
    best_first = [cell.removeprefix("★") for cell in column(page, "accuracy")]
    numbers = [float(cell) for cell in best_first if re.match(r"\d", cell)]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(READABLE_NIGHTS) + 1
    assert best_first[len(numbers)] == "NaN"
    assert set(best_first[len(numbers) + 1 :]) == {NONE}

    page.keyboard.press("Enter")  # the focus has stayed on the column's button
    expect(head(page, "accuracy")).to_have_attribute("aria-sort", "ascending")
    worst_first = column(page, "accuracy")
    assert [float(cell) for cell in worst_first[: len(numbers)]] == sorted(numbers)
    assert worst_first[-1] == NONE
    assert page.url.endswith("?sort=metrics.accuracy")


def test_finds_runs_by_an_expression(watched: Watched) -> None:
    page = open_runs(watched)
    search(page, 'metrics.accuracy > 0.95 and params.size = "800" and branch = "main"')

    expect(page.locator("#count")).to_have_text(f"2 of {NR_RUNS} runs")
    assert rows(page) == [READABLE_NIGHTS[6], READABLE_NIGHTS[5]]
    search(page, 'outcome in ("interrupted") or not metrics.accuracy < 2 and branch like "feature/%"')
    assert set(rows(page)) == {KILLED, FAILED, *READABLE_NIGHTS[3::4]}
    search(page, 'branch = "nowhere"')
    expect(page.get_by_text("No run matches")).to_be_visible()
    page.get_by_role("button", name="Reset").click()
    expect(page.locator("#count")).to_have_text(f"{NR_RUNS} runs")
    expect(page.get_by_role("combobox", name="Search")).to_have_value("")


def test_a_mistake_is_explained_at_its_position(watched: Watched) -> None:
    page = open_runs(watched)
    search(page, "metrics.accuracy > 0.96")
    expect(page.locator("#count")).to_have_text(f"2 of {NR_RUNS} runs")
    search(page, 'metrics.accuracy > 0.96 and metrics.acuracy < 1 or branch = "main"')

    message = page.locator("#query-error")
    expect(message.locator("p")).to_have_text(
        "At character 29: no run has the metric acuracy; did you mean metrics.accuracy?"
    )
    expect(message.locator("mark")).to_have_text("metrics.acuracy")
    expect(message).to_have_attribute("role", "status")
    box = page.get_by_role("combobox", name="Search")
    expect(box).to_have_attribute("aria-invalid", "true")
    left, width = message.locator("mark").evaluate("mark => [mark.offsetLeft, mark.offsetWidth]")
    character = width / len("metrics.acuracy")
    padding = message.locator("> code").evaluate("code => code.offsetLeft")
    assert left - padding == pytest.approx(28 * character, abs=character)
    assert len(rows(page)) == 2  # the last expression that could be read
    search(page, "metrics.accuracy > 0.96")
    expect(message).to_be_empty()
    assert box.get_attribute("aria-invalid") is None


def test_an_expression_is_completed_by_the_keyboard_alone(watched: Watched) -> None:
    page = open_runs(watched)
    box = page.get_by_role("combobox", name="Search")
    box.focus()
    page.keyboard.type("accu")
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_have_text(re.compile("metrics.accuracy"))
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(box).to_have_attribute("aria-activedescendant", "suggestion-0")
    page.keyboard.press("Enter")
    expect(box).to_have_value("metrics.accuracy ")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("0.97 and branch = ")
    expect(options.first).to_have_text('"main"')
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    page.keyboard.type('"feature/ä <b>"')
    page.keyboard.press("Enter")
    assert rows(page) == [READABLE_NIGHTS[-1]]


def test_rows_per_parameter_set_are_those_that_match(watched: Watched) -> None:
    page = open_runs(watched, "?q=metrics.accuracy+>+0.967")
    assert rows(page) == [READABLE_NIGHTS[-1], READABLE_NIGHTS[-2]]
    page.get_by_label("Parameter sets").check()

    expect(page.locator("#count")).to_have_text(f"2 of {NR_RUNS} runs, 3 rows")
    assert column(page, "size") == ["600", "800", "800"]
    assert column(page, "accuracy") == ["0.976", "0.978", "0.968"]


def test_columns_are_chosen_and_the_address_keeps_them(watched: Watched) -> None:
    page = open_runs(watched)
    page.get_by_role("button", name="Columns").click()
    panel = page.locator("#columns")
    panel.get_by_role("button", name="None").click()
    panel.get_by_label("branch").check()
    panel.get_by_role("searchbox").fill("log_l")
    expect(panel.get_by_label("branch")).to_be_hidden()
    panel.get_by_label("log_loss").check()
    page.keyboard.press("Escape")

    expect(panel).to_be_hidden()
    titles = ["start", "branch", "log_loss"]
    expect(page.locator("#runs-table thead .label")).to_have_text(titles)
    page.reload()
    expect(page.locator("#runs-table thead .label")).to_have_text(titles)
    page.go_back()
    expect(page.locator("#runs-table thead .label")).to_have_text(titles[:2])
    page.go_forward()
    expect(page.locator("#runs-table thead .label")).to_have_text(titles)


def test_only_columns_that_differ(watched: Watched) -> None:
    page = open_runs(watched, "?outcome=success")
    expect(head(page, "outcome")).to_be_visible()
    page.get_by_label("Only columns that differ").check()

    expect(page.locator("#runs-table thead .label")).to_have_text(
        ["start", "duration", "branch", "accuracy", "log_loss"]
    )
    expect(page.locator("#count")).to_contain_text("columns without a difference hidden")


def test_filters_by_outcome_and_time(watched: Watched) -> None:
    page = open_runs(watched)
    page.get_by_role("group", name="Outcome").get_by_label("unreadable").check()
    assert set(rows(page)) == {DAMAGED, NEWER}
    page.get_by_role("group", name="Outcome").get_by_label("interrupted").check()
    assert set(rows(page)) == {DAMAGED, NEWER, KILLED}
    page.get_by_label("Time").select_option("between")
    page.get_by_label("from").fill("2026-11-21")
    page.get_by_label("to", exact=True).fill("2026-11-21")
    assert rows(page) == [DAMAGED]
    expect(page.locator("#runs-table tbody .outcome-cell")).to_have_attribute("title", re.compile("."))
    assert page.url.endswith("?outcome=interrupted&outcome=unreadable&from=2026-11-21&to=2026-11-21")


def test_a_view_is_restored_from_its_address(watched: Watched) -> None:
    page = open_runs(watched)
    search(page, 'branch = "main"')
    page.get_by_role("group", name="Outcome").get_by_label("success").check()
    page.get_by_label("Parameter sets").check()
    head(page, "accuracy").get_by_role("button").click()
    page.get_by_label("Time").select_option("90d")
    shown = rows(page)
    assert shown

    page.reload()
    assert rows(page) == shown
    expect(page.get_by_role("combobox", name="Search")).to_have_value('branch = "main"')
    expect(page.get_by_label("success")).to_be_checked()
    expect(page.get_by_label("Parameter sets")).to_be_checked()
    expect(page.get_by_label("Time")).to_have_value("90d")
    page.go_back()
    expect(page.get_by_label("Time")).to_have_value("")
    page.go_back()
    expect(head(page, "accuracy")).not_to_have_attribute("aria-sort", re.compile("."))
    page.go_back()
    expect(page.get_by_role("radio", name="Runs")).to_be_checked()


def test_what_is_shown_is_downloaded(watched: Watched) -> None:
    page = open_runs(
        watched,
        "?q=metrics.accuracy+>+0.967&per=variants&column=branch&column=metrics.accuracy&column=params.size",
    )
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV").click()
    table = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_bytes().decode())))
    assert download.value.suggested_filename == "runs.csv"
    assert [(row["run_id"], row["params.size"], row["metrics.accuracy"]) for row in table] == [
        (READABLE_NIGHTS[-1], "600", "0.976"),
        (READABLE_NIGHTS[-1], "800", "0.978"),
        (READABLE_NIGHTS[-2], "800", "0.968"),
    ]
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    first = json.loads(Path(download.value.path()).read_text())[0]
    assert first["run_id"] == READABLE_NIGHTS[-1]
    assert first["metrics.accuracy"] == 0.976
    assert first["branch"] == "feature/ä <b>"


def test_selected_runs_are_compared(watched: Watched) -> None:
    page = open_runs(watched)
    page.get_by_role("checkbox", name="Compare the run").nth(1).check()
    expect(page.locator("#compare")).to_have_text("1 run selected: choose another to compare")
    page.get_by_role("checkbox", name="Compare the run").nth(2).check()
    chosen = rows(page)[1:3]
    page.reload()
    expect(page.locator("#runs-table .selected")).to_have_count(2)
    page.get_by_role("link", name="Compare 2 runs").click()
    expect(page.locator(".run-cards li")).to_have_count(2)
    assert page.url == f"{watched.address}compare/?runs={chosen[0]}%2C{chosen[1]}"
    page.go_back()
    expect(page.locator("#runs-table .selected")).to_have_count(2)


@pytest.mark.promise("The text of a record is text on pages, in summaries and in diagrams, never markup.")
def test_hostile_names_and_values_are_only_text(watched: Watched) -> None:
    page = open_runs(watched, "?outcome=failure")
    page.get_by_role("button", name="Columns").click()
    page.locator("#columns").get_by_role("button", name="All").click()
    page.keyboard.press("Escape")
    expect(page.locator("#count")).to_contain_text("the first 150 of 3,0")
    expect(page.locator("#runs-table thead .label")).to_have_count(150)

    hostile = page.locator("#runs-table tbody tr", has=page.locator(f"a[href*='{HOSTILE}']"))
    expect(hostile).to_contain_text(ATTACK[:60])
    assert page.locator("#runs-table script, #runs-table img").count() == 0
    search(page, "branch = <script>x</script>")
    expect(page.locator("#query-error mark")).to_have_text("<")
    assert page.evaluate("document.scripts.length") == 2  # the theme's and the table's own


def test_thousands_of_rows_are_few_elements(browser: Browser, large: str) -> None:
    context = browser.new_context(viewport=WIDE)
    watched = Watched(context.new_page(), large)
    page = open_runs(watched, "?per=variants")
    region = page.get_by_role("region", name="Runs", exact=True)
    region.evaluate("box => box.scrollIntoView({block: 'end'})")
    expect(page.locator("#count")).to_have_text("1,000 runs, 4,000 rows")
    expect(page.locator("table.run-rows")).to_have_attribute(
        "aria-rowcount", str(NR_COPIES * NR_VARIANTS + 2)
    )
    widths = (
        "[...document.querySelectorAll('#runs-table thead tr:last-child > *')].map(cell => cell.offsetWidth)"
    )
    before = page.evaluate(widths)
    seen: set[str | None] = set()
    for part in (0, 0.25, 0.5, 0.75, 1):
        region.evaluate("(box, part) => { box.scrollTop = part * box.scrollHeight }", part)
        page.wait_for_timeout(100)
        shown = page.locator("#runs-table tbody tr:not(.beyond)")
        assert 0 < shown.count() <= MOST_ROWS
        seen.add(shown.first.get_attribute("aria-rowindex"))
    assert len(seen) == 5
    expect(shown.last).to_have_attribute("aria-rowindex", str(NR_COPIES * NR_VARIANTS + 2))
    expect(shown.last).to_be_in_viewport()
    assert page.evaluate(widths) == before  # rows that come do not change the columns' widths
    expect(page.locator("#runs-table thead")).to_be_in_viewport()

    head(page, "accuracy").get_by_role("button").click()
    search(page, "metrics.accuracy > 0.999 or metrics.log_loss = 3")
    expect(page.locator("#count")).to_contain_text(" rows")
    assert watched.complaints == []
    context.close()


def test_the_keyboard_walks_through_rows_that_come_and_go(browser: Browser, large: str) -> None:
    context = browser.new_context(viewport=WIDE)
    page = open_runs(Watched(context.new_page(), large))
    page.get_by_role("checkbox", name="Compare the run").first.focus()
    for _ in range(120):
        page.keyboard.press("Tab")
    index = page.evaluate("document.activeElement.closest('tr')?.getAttribute('aria-rowindex')")
    assert int(index) == 3 + 60
    expect(page.locator(":focus")).to_be_in_viewport()
    page.get_by_role("region", name="Runs", exact=True).evaluate("box => { box.scrollTop = 0 }")
    page.wait_for_timeout(100)
    assert (
        page.evaluate("document.activeElement.id") == "runs-table"
    )  # its row has gone, the keyboard has not
    context.close()


def test_accessible_and_within_the_screen(watched_screen: Watched) -> None:
    page = open_runs(watched_screen, "?q=metrics.acuracy+>+1&per=variants&run=" + READABLE_NIGHTS[0])
    page.get_by_text("How to search").click()
    assert violations(page) == []
    page.get_by_role("combobox", name="Search").fill("met")
    expect(page.get_by_role("option").first).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Columns").click()
    expect(page.locator("#columns")).to_be_visible()
    assert violations(page) == []


def test_without_javascript_or_data_the_plain_list_is_there(
    browser: Browser, address: str, sample: Site, tmp_path: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = Watched(context.new_page(), address).open("runs/")
    expect(page.locator("#runs-static table")).to_be_visible()
    expect(page.locator("#runs-app")).to_be_hidden()
    context.close()

    shutil.copytree(sample.output, tmp_path / "output")
    (tmp_path / "output/api/runs.json").write_text(json.dumps(sample.data("api/runs.json") | {"version": 2}))
    with served(tmp_path / "output") as newer:
        page = browser.new_page()
        page.goto(f"{newer}runs/")
        expect(page.get_by_role("alert")).to_contain_text("api/runs.json is version 2 of the data")
        expect(page.locator("#runs-static table")).to_be_visible()
        page.close()


def test_nothing_moves_once_the_table_is_there(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport=WIDE)
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "entry => window.shift += entry.value)).observe({type: 'layout-shift', buffered: true})"
    )
    open_runs(Watched(page, address))
    page.wait_for_timeout(300)
    assert page.evaluate("window.shift") < 0.05
    page.close()
