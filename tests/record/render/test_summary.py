import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from nightbook.record.format.model import Outcome, Run
from nightbook.record.gate import judge, metrics_of
from nightbook.record.goals import Better, Goal
from nightbook.record.render.markdown import MAX_TABLE_BYTES, code, link
from nightbook.record.render.number_columns import format_numbers
from nightbook.record.render.summary import summary
from tests.support.sample_runs import ALL_HOSTILE, make_gated_run, make_large_run

METRICS = ("accuracy", "log_loss", "not logged by any task", "accuracy")
OUR_HTML = {"<code>", "</code>", "<details><summary>Other metrics</summary>\n", "</details>\n"}
MAX_JOB_SUMMARY_BYTES = 1024 * 1024


@pytest.mark.parametrize("name", ["success", "failed", "hostile"])
def test_summary_is_as_expected(
    name: str, request: pytest.FixtureRequest, check_text: Callable[[str, str], None]
) -> None:
    check_text(f"{name}.summary.md", summary(request.getfixturevalue(f"{name}_run"), METRICS))


def test_the_verdict_is_as_expected(hostile_run: Run, check_text: Callable[[str, str], None]) -> None:
    goals = [Goal("accuracy", Better.HIGHER, 0.01), Goal("log_loss", Better.LOWER)]
    run = make_gated_run({"b": {"accuracy": 0.97, "log_loss": 0.2}, "a": {"accuracy": 0.9, "new": 1.0}})
    night = make_gated_run({"b": {"accuracy": 0.97}, "a": {"accuracy": 0.975, "log_loss": 0.25}})
    text = summary(run, ["accuracy"], judge(metrics_of(run), [metrics_of(night)] * 5, goals))
    check_text("regressed.summary.md", text)

    hostile = judge(
        metrics_of(hostile_run), [metrics_of(hostile_run)] * 5, [Goal(ALL_HOSTILE, Better.LOWER, 0)]
    )
    rows = [line for line in summary(hostile_run, [], hostile).splitlines() if line.startswith("| ? not")]
    assert len(rows) == 1
    assert rows[0].count(" | ") == 8
    assert (
        summary(run, [], []).count("? not enough history: main has 0 comparable runs, and 5 are needed") == 1
    )


@pytest.mark.promise("The text of a record is text on pages, in summaries and in diagrams, never markup.")
def test_nothing_of_a_hostile_record_becomes_markup(hostile_run: Run) -> None:
    tokens = _tokens(summary(hostile_run, METRICS))
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    blocks = {"heading", "paragraph", "fence", "table", "thead", "tbody", "tr", "th", "td", "html_block"}
    assert kinds == blocks | {"inline", "text", "link", "code_inline", "html_inline"}
    assert {token.content for token in tokens if token.type.startswith("html")} <= OUR_HTML
    assert [token.attrs["href"] for token in tokens if token.type == "link_open"] == [
        "https://evil.example/%22%3E%3Cscript%3E%29%5D%28x%29%7C&lt;%20%2A_%60%0A"
    ]
    assert {token.info for token in tokens if token.type == "fence"} == {"mermaid"}


def test_a_hostile_record_cannot_shift_a_table_s_cells(hostile_run: Run) -> None:
    rows = re.findall(r"<tr>.*?</tr>", _parser().render(summary(hostile_run, METRICS)), flags=re.DOTALL)
    widths = {row.count("<td") + row.count("<th") for row in rows}
    assert widths == {1, 3, 4, 5}  # problems, other metrics, failed attempts and metrics, tasks


@pytest.mark.parametrize(
    "text", ["a|b", "a\\|b", "`a`", "``", "_a_", "a_b", "<b>&amp;", "\\", "[a](b)", "$x$", "#1"]
)
def test_code_shows_the_text_as_it_is(text: str) -> None:
    row = f"| a |\n|---|\n| {code(text)} |\n"
    shown = "".join(token.content for token in _tokens(row) if token.type in ("text", "code_inline"))
    assert shown == f"a{text}"


def test_code_bounds_what_it_shows() -> None:
    assert code("x" * 5000, 10) == f"`{'x' * 9}…`"
    assert code(" \n ") == ""


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://[",
        "git@github.com:a/b",
        "https:///x",
    ],
)
def test_only_web_addresses_are_linked(url: str) -> None:
    assert link("text", url) == "text"


def test_a_linked_address_cannot_end_the_link() -> None:
    assert (
        link("x", "https://a.example/b?c=d&copy=1)<>") == "[x](https://a.example/b?c=d&amp;copy=1%29%3C%3E)"
    )


def test_a_job_summary_of_a_huge_run_is_still_shown(hostile_run: Run) -> None:
    large = make_large_run(5000)
    run = replace(large, problems=hostile_run.problems * 1000)
    text = summary(run, ["score"])
    assert MAX_TABLE_BYTES < len(text.encode()) < MAX_JOB_SUMMARY_BYTES
    assert len(re.findall(r"^… [\d,]+ more rows left out$", text, flags=re.MULTILINE)) == 3


def test_a_run_that_did_nothing_has_a_summary() -> None:
    text = summary(replace(make_large_run(0), outcome=Outcome.INTERRUPTED), METRICS)
    assert text.startswith("# ⚡ interrupted: 0 of 0 tasks succeeded\n")
    assert "```" not in text


@pytest.mark.parametrize(
    ("numbers", "texts"),
    [
        ([1, 20, None], ["1", "20", ""]),
        ([0.97333333, 1.0, 0.95], ["0.9733", "1.0000", "0.9500"]),
        ([1234.5, 2, 0], ["1234.500", "2.000", "0.000"]),
        ([1e-9, 0.5], ["1.000e-9", "0.5000"]),
        ([float("nan"), float("inf"), -float("inf")], ["NaN", "inf", "-inf"]),
        ([2**53, 2**53 + 1], ["9007199254740992", "9007199254740993"]),
        ([-(2**63), 0.5], ["-9223372036854775808", "0.5000"]),
        ([1e300, 2**64], ["1.000e+300", "1.845e+19"]),
        ([10**400, -3], ["1.000e+400", "-3"]),
        ([0.0], ["0.000"]),
        ([-0.00012345], ["-0.000123"]),
    ],
)
def test_numbers_of_a_column_can_be_compared(numbers: list[float | None], texts: list[str]) -> None:
    assert format_numbers(numbers) == texts


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def _tokens(markdown: str) -> list[Token]:
    blocks = _parser().parse(markdown)
    return blocks + [token for block in blocks for token in block.children or []]
