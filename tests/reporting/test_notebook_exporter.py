"""A notebook's page is what nbconvert makes of it."""

import nbformat
import pytest
from bs4 import BeautifulSoup
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from nightbook.reporting.notebook_exporter import notebook_to_html

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


@pytest.fixture
def notebook() -> NotebookNode:
    outputs = [
        new_output("stream", name="stdout", text="\x1b[31mred\x1b[0m & <plain>\n"),
        new_output("display_data", data={"image/png": PIXEL}),
        new_output("display_data", data={"image/png": PIXEL}, metadata={"image/png": {"alt": "a dot"}}),
        new_output("execute_result", data={"text/html": "<table><tr><td>1</td></tr></table>"}),
        new_output("error", ename="KeyError", evalue="x", traceback=["KeyError: x"]),
    ]
    return new_notebook(
        cells=[
            new_markdown_cell("# Title\n\n$x^2$, `code` and [a link](https://example.org)"),
            new_code_cell("for i in range(3):\n    !ls\n    print(f'{i}')", outputs=outputs),
            new_code_cell("%%html\n<b>bold</b>"),
        ],
        metadata={"language_info": {"name": "python", "pygments_lexer": "ipython3"}},
    )


def test_a_page_is_nbconverts_own_but_for_the_pictures_descriptions(notebook: NotebookNode) -> None:
    expected, _ = HTMLExporter(template_name="basic").from_notebook_node(nbformat.from_dict(notebook))

    ours, nbconverts = (BeautifulSoup(html, "html.parser") for html in (notebook_to_html(notebook), expected))
    for soup in (ours, nbconverts):
        for picture in soup.select("img"):
            del picture["alt"]

    assert ours.prettify() == nbconverts.prettify()


def test_a_picture_has_its_own_description_or_says_where_it_is_from(notebook: NotebookNode) -> None:
    pictures = BeautifulSoup(notebook_to_html(notebook), "html.parser").select("img")

    assert [picture["alt"] for picture in pictures] == ["output of cell 2", "a dot"]
