"""A cell that shows much does not make its page endless: the beginning and the end are there, and scroll."""

import pytest
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from nightbook.reporting.notebook_exporter import notebook_to_html


def page_of(*outputs: NotebookNode) -> BeautifulSoup:
    cells = [new_code_cell("flood()", outputs=list(outputs)), new_code_cell("'the next cell'")]
    return BeautifulSoup(notebook_to_html(new_notebook(cells=cells)), "html.parser")


def printed(first: int, last: int) -> NotebookNode:
    text = "".join(f"line {number}\n" for number in range(first, last + 1))
    return new_output("stream", name="stdout", text=text)


@pytest.mark.parametrize(("lines", "scrolls"), [(100, False), (101, True), (5_000, True)])
def test_many_lines_scroll_and_are_all_there(lines: int, scrolls: bool) -> None:  # noqa: FBT001 a table
    page = page_of(printed(1, lines))

    assert page.text.count("line ") == lines
    assert [area["aria-label"] for area in page.select(".scrolled[tabindex='0'][role=region]")] == [
        "output of cell 1"
    ] * scrolls


def test_a_flood_is_its_beginning_and_its_end_by_whole_lines() -> None:
    page = page_of(printed(1, 300_000))

    lines = [line for line in page.select_one(".scrolled").text.splitlines() if line]
    (notice,) = [line for line in lines if not line.startswith("line ")]
    assert lines[0] == "line 1"
    assert lines[-1] == "line 300000"
    numbers = [int(line.removeprefix("line ")) for line in lines if line != notice]
    left_out = sum(len(f"line {number}\n") for number in range(1, 300_001)) - sum(
        len(f"line {number}\n") for number in numbers
    )
    assert notice == (
        f"{left_out:,} characters of text of this cell are not shown here: the notebook itself has them."
    )
    assert len(str(page)) < 250_000
    assert "'the next cell'" in page.text


def test_many_displays_are_the_first_and_the_last() -> None:
    page = page_of(*(new_output("display_data", data={"text/plain": f"<{n}>"}) for n in range(3_000)))

    assert "<999>" in page.text
    assert "<1000>" not in page.text
    assert "1,000 outputs of this cell are not shown here" in page.text
    assert "<1999>" not in page.text
    assert "<2000>" in page.text


def test_what_explains_a_flood_is_shown() -> None:
    gap = new_output("stream", name="stderr", text="[nightbook: 7 bytes are left out here]\n")
    error = new_output("error", ename="KeyError", evalue="x", traceback=["KeyError: x"])

    page = page_of(printed(1, 100_000), gap, error, printed(1, 100_000))

    assert "7 bytes are left out here" in page.text
    assert "KeyError: x" in page.text


def test_a_line_without_an_end_is_divided() -> None:
    page = page_of(new_output("stream", name="stdout", text="a" * 1_000_000 + "b"))

    assert "800,001 characters of text of this cell are not shown here" in page.text
    assert page.select(".scrolled pre")[-1].text.rstrip().endswith("ab")
