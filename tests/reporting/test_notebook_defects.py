"""What is wrong with one cell is said in its place; all other cells are shown as ever."""

from typing import Any

import nbformat
import pytest
from bs4 import BeautifulSoup

from nightbook.reporting.notebook_exporter import notebook_to_html

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
WIDGET = "application/vnd.jupyter.widget-view+json"
STATE = "application/vnd.jupyter.widget-state+json"


def markdown(source: object, **fields: object) -> dict[str, Any]:
    return {"cell_type": "markdown", "source": source, "metadata": {}, **fields}


def code(*outputs: object, source: str = "the_source()", **metadata: object) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": source,
        "metadata": metadata,
        "execution_count": 1,
        "outputs": list(outputs),
    }


def display(data: object, metadata: object = None) -> dict[str, Any]:
    return {"output_type": "display_data", "data": data, "metadata": {} if metadata is None else metadata}


def page(*cells: dict[str, Any], **metadata: object) -> BeautifulSoup:
    """The page of the cells between two others, as a browser would see it."""
    around = [markdown("**the first cell**"), *cells, markdown("**the last cell**")]
    around = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(around)]
    notebook = nbformat.from_dict(  # type: ignore[no-untyped-call]
        {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": around}
    )
    soup = BeautifulSoup(notebook_to_html(notebook), "html.parser")
    assert [strong.text for strong in soup.select("strong")] == ["the first cell", "the last cell"]
    return soup


DEFECTS = {
    "an attachment that is missing": (
        markdown("![a plot](attachment:x.png)"),
        "the attachment x.png is missing",
    ),
    "an attachment that is no object": (
        markdown("![](attachment:x.png)", attachments={"x.png": ["a"]}),
        "the attachment x.png is missing",
    ),
    "an attachment that is no picture": (
        markdown("<img src='attachment:x.png'>", attachments={"x.png": {"text/plain": "a"}}),
        "the attachment x.png is missing",
    ),
    "attachments that are a list": (
        markdown("![](attachment:x.png)", attachments=[1]),
        "the attachment x.png is missing",
    ),
    "a picture that is not in the record": (
        markdown("![](images/a%20plot.png)"),
        "the picture images/a%20plot.png is not in the record",
    ),
    "a picture elsewhere": (
        markdown("![](https://example.org/a.png)"),
        "picture at https://example.org/a.png",
    ),
    "a picture that is not base64": (code(display({"image/png": "%%%"})), "image/png is not base64"),
    "a picture that is a number": (code(display({"image/png": 3})), "image/png is not base64"),
    "an unknown type": (
        code(display({"application/x-some": "a"})),
        "cannot be shown here: application/x-some",
    ),
    "no data": (code(display({})), "cannot be shown here: nothing"),
    "HTML that is none": (code(display({"text/html": None})), "Cell 2 cannot be shown (TypeError"),
    "metadata that is a text": (code(display({"image/png": PIXEL}, "abc")), "Cell 2 cannot be shown"),
    "an output without a type": (
        code({"text": "a"}),
        "Cell 2 cannot be shown (ValueError: an output is None",
    ),
    "an output that is a number": (code(3), "Cell 2 cannot be shown"),
    "a source that is a list": (markdown([1, 2]), "Cell 2 cannot be shown"),
    "a script": (code(display({"text/html": "<div id=a></div><script>f()</script>"})), "does not run here"),
    "a program": (code(display({"application/javascript": "alert(1)"})), "a script, which does not run here"),
    "a frame": (
        code(display({"text/html": '<iframe width="9" src="https://example.org/v"></iframe>'})),
        "iframe at https://example.org/v",
    ),
    "a film beside the notebook": (
        code(display({"text/html": "<video src='clip.mp4'>No video</video>"})),
        "the video clip.mp4 is not in the record",
    ),
}


@pytest.mark.parametrize(("cell", "notice"), DEFECTS.values(), ids=DEFECTS)
def test_a_defect_is_named_where_it_is(cell: dict[str, Any], notice: str) -> None:
    assert notice in page(cell).text


HARMLESS = {
    "an open comment": markdown("text <!-- open"),
    "an open element": markdown("<div><table><tr><td>text"),
    "an open style": markdown("text\n\n<style>* { display: none }"),
    "an open text box": markdown("text\n\n<textarea>"),
    "a cut tag": markdown("text\n\n<div class='"),
    "too many ends": markdown("text</div></div></div></div>"),
    "an endless element": markdown("text<plaintext>"),
    "open HTML of an output": code(display({"text/html": "text<script>"})),
    "broken mathematics": markdown("text $x^$ $$\\frac{$ \\begin{align}"),
    "a broken diagram": markdown("text\n```mermaid\ngraph TD; A--> </pre>\n```"),
    "broken LaTeX": code(display({"text/latex": "text $\\frac{$"})),
    "control characters": code(
        {"output_type": "stream", "name": "stdout", "text": "text \0 \x1b[999m \x1b[38;5;999m \x1b["}
    ),
    "lone surrogates": markdown("text \ud800"),
    "tags that are a text": code(source="text", tags="abc"),
    "tags that are numbers": code(source="text", tags=[1, {}]),
    "no outputs": {**code(source="text"), "outputs": None},
}


@pytest.mark.parametrize("cell", HARMLESS.values(), ids=HARMLESS)
def test_a_broken_text_is_shown_and_ends_with_its_cell(cell: dict[str, Any]) -> None:
    assert "text" in page(cell).text


@pytest.mark.parametrize(
    "metadata",
    [{"language_info": "a"}, {"language_info": {"name": 3}}, {"widgets": "a"}, {"widgets": {STATE: [1]}}],
    ids=str,
)
def test_broken_metadata_spoils_nothing(metadata: dict[str, Any]) -> None:
    shown = page(code(display({WIDGET: {"model_id": "a"}, "text/plain": "Bar()"})), **metadata).text

    assert "the_source" in shown
    assert "Bar()" in shown


def test_a_broken_cell_shows_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert "the_source()" in page(code(3)).text
    assert capsys.readouterr().err == ""


def test_a_badge_is_a_link_with_its_description() -> None:
    badge = "[![Open in Colab](https://colab.example.org/badge.svg)](https://colab.example.org/nb)"

    (link,) = (link for link in page(markdown(badge)).select("a") if link["href"].endswith("/nb"))

    assert link.text == "Open in Colab"
    assert not link.select("img")


@pytest.mark.parametrize(
    "text", ["![a plot](images/plot.png)", '<img src="./images/plot.png">', "![](attachment:images/plot.png)"]
)
def test_an_attached_picture_is_shown(text: str) -> None:
    soup = page(markdown(text, attachments={"images/plot.png": {"image/png": PIXEL}}))

    assert [picture["src"] for picture in soup.select("img")] == [f"data:image/png;base64,{PIXEL}"]


def test_sounds_and_films_in_the_notebook_stay() -> None:
    films = '<video controls><source type="video/mp4" src="data:video/mp4;base64,AA=="></video>'
    sound = '<audio controls src="data:audio/wav;base64,AA=="></audio>'

    assert len(page(code(display({"text/html": films + sound}))).select("video > source, audio")) == 2


def test_an_animated_picture_is_shown() -> None:
    (picture,) = page(code(display({"image/gif": "R0lGODlh", "text/plain": "<Image>"}))).select("img")

    assert picture["src"] == "data:image/gif;base64,R0lGODlh"


ERROR = {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["the error"]}
PRINTED = {"output_type": "stream", "name": "stdout", "text": "the output"}


@pytest.mark.parametrize(
    ("tag", "shown", "on_request"),
    [
        ("remove-cell", "", ""),
        ("remove_cell", "", ""),
        ("remove-input", "output", ""),
        ("remove-output", "input", ""),
        ("hide-input", "input output", "input"),
        ("hide-output", "input output", "output"),
        ("hide-cell", "input output", "input output"),
        ("other", "input output", ""),
    ],
)
def test_tags_remove_and_hide_what_they_do_in_jupyter_book(tag: str, shown: str, on_request: str) -> None:
    soup = page(code(PRINTED, tags=[tag]))

    marks = {"input": "the_source", "output": "the output"}
    assert [part for part, mark in marks.items() if mark in soup.text] == shown.split()
    hidden = " ".join(part.text for part in soup.select("details"))
    assert [part for part, mark in marks.items() if mark in hidden] == on_request.split()


@pytest.mark.parametrize("tag", ["remove-cell", "remove-input", "remove-output", "hide-cell", "hide-output"])
def test_no_tag_hides_an_exception(tag: str) -> None:
    soup = page(code(PRINTED, ERROR, tags=[tag]))

    assert "the error" in soup.text
    assert "the error" not in " ".join(part.text for part in soup.select("details"))


def model(name: str, **state: object) -> dict[str, Any]:
    return {"model_name": name, "model_module": "@jupyter-widgets/controls", "state": state}


def test_the_last_state_of_a_widget_is_text() -> None:
    models = {
        "box": model("HBoxModel", children=["IPY_MODEL_a", "IPY_MODEL_b", "IPY_MODEL_c", "IPY_MODEL_box"]),
        "a": model("HTMLModel", value="<b>100%</b>"),
        "b": model("FloatProgressModel", value=10.0, max=10.0),
        "c": model("HTMLModel", value=" 10/10 [00:01&lt;00:00]"),
        "slider": model("IntSliderModel", description="size", value=3),
    }
    cell = code(
        display({WIDGET: {"model_id": "box"}, "text/plain": "0%"}), display({WIDGET: {"model_id": "slider"}})
    )

    shown = page(cell, widgets={STATE: {"state": models}}).text

    assert f"100% |{'█' * 20}| 10/10 [00:01<00:00]" in shown
    assert "size 3" in shown
    assert "0%\n" not in shown


def test_what_an_output_widget_has_captured_is_shown() -> None:
    captured = [PRINTED, display({"image/png": PIXEL})]
    models = {"out": model("OutputModel", outputs=captured)}

    soup = page(code(display({WIDGET: {"model_id": "out"}})), widgets={STATE: {"state": models}})

    assert "the output" in soup.text
    assert len(soup.select("img")) == 1
