"""Figures of three packages, two of which are stood in for by objects with their methods."""

import io
import json
import logging
from typing import Any

import pytest
from matplotlib.figure import Figure

from nightbook.record.write.figures import encode_figure

PNG = b"\x89PNG\r\n\x1a\n"


class Plotly:
    """A figure as Plotly's: https://plotly.com/python-api-reference/generated/plotly.graph_objects.Figure.html."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def to_json(self) -> str:
        return '{"data": [], "layout": {}}'

    def to_html(self) -> str:
        return "<html></html>"

    def to_image(self, format: str) -> bytes:  # noqa: A002 Plotly's name
        if self.error:
            raise self.error
        return PNG + format.encode()


class Chart:
    """A chart as Altair's: https://altair-viz.github.io/user_guide/saving_charts.html."""

    def to_json(self) -> str:
        return '{"mark": "bar"}'

    def to_html(self) -> str:
        return "<html></html>"

    def save(self, fp: Any, format: str) -> None:  # noqa: A002 Altair's name
        fp.write("<svg/>" if format == "svg" else PNG)


def test_matplotlibs_figures_and_axes_are_pictures() -> None:
    figure = Figure()
    axes = figure.subplots()

    for drawn in (figure, axes):
        [(name, content)] = encode_figure(drawn, "plots/roc.png")
        assert (name, content[:8]) == ("plots/roc.png", PNG)


def test_plotlys_figure_is_kept_as_json_beside_its_picture() -> None:
    files = dict(encode_figure(Plotly(), "plots/roc.jpg"))

    assert files == {"plots/roc.plotly.json": Plotly().to_json().encode(), "plots/roc.jpg": PNG + b"jpeg"}


def test_altairs_chart_is_kept_as_json_beside_its_picture() -> None:
    assert dict(encode_figure(Chart(), "bars.svg")) == {
        "bars.vl.json": b'{"mark": "bar"}',
        "bars.svg": b"<svg/>",
    }
    assert dict(encode_figure(Chart(), "bars.png"))["bars.png"] == PNG


@pytest.mark.parametrize("figure", [Plotly(), Chart()])
def test_json_and_html_are_written_alone(figure: Any) -> None:
    [(name, content)] = encode_figure(figure, "roc.json")
    assert (name, json.loads(content)) == ("roc.json", json.loads(figure.to_json()))
    assert dict(encode_figure(figure, "roc.html")) == {"roc.html": b"<html></html>"}


def test_without_a_picture_the_json_is_kept_and_the_reason_logged(caplog: pytest.LogCaptureFixture) -> None:
    error = ValueError("Image export requires the kaleido package\n\n$ pip install kaleido")

    with caplog.at_level(logging.WARNING):
        assert [name for name, _ in encode_figure(Plotly(error), "roc.png")] == ["roc.plotly.json"]

    [message] = caplog.messages
    assert message == (
        "roc.plotly.json holds the figure, and there is no roc.png: "
        "ValueError: Image export requires the kaleido package"
    )


@pytest.mark.parametrize("figure", ["x", PNG, io.BytesIO(PNG), [Figure()], None])
def test_what_is_no_figure_is_refused_with_a_way_out(figure: object) -> None:
    with pytest.raises(
        TypeError, match=r"log_figure takes a figure of .*: use log_image .* log_artifact for a file"
    ):
        list(encode_figure(figure, "a.png"))
