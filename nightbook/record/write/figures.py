"""Figures as files: pictures, and the JSON that draws a figure of Plotly or Altair again.

None of the three packages is imported: a figure is known by its methods.
"""

import io
import logging
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

_log = logging.getLogger(__name__)
# What Plotly and Altair raise where the package that draws their pictures is missing or finds no browser.
_NO_PICTURE = (ImportError, ValueError, RuntimeError, NotImplementedError, OSError)
_PLOTLY, _VEGA = ".plotly.json", ".vl.json"


class _Picture(io.BytesIO):
    """A file in memory; Altair writes an SVG as text and a PNG as bytes."""

    def write(self, data: Any) -> int:
        return super().write(data.encode() if isinstance(data, str) else data)


def encode_figure(figure: Any, file_name: str) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of the files of a figure: one in the format of the name's ending.

    A figure of Plotly or Altair is also, or only if no picture can be made, its JSON: ``roc.plotly.json`` or
    ``roc.vl.json`` beside ``roc.png``. Raise TypeError for what is no figure, ValueError for another format.
    """
    drawn: Any = figure if hasattr(figure, "savefig") else getattr(figure, "figure", None)  # of Axes
    ending = format_of(file_name)
    if hasattr(drawn, "savefig"):
        picture = _Picture()
        drawn.savefig(picture, format=ending)
        yield file_name, picture.getvalue()
    elif hasattr(figure, "to_json") and hasattr(figure, "to_image"):
        yield from _described(figure, file_name, _PLOTLY, lambda: figure.to_image(format=ending))
    elif hasattr(figure, "to_json") and hasattr(figure, "save"):
        yield from _described(figure, file_name, _VEGA, lambda: _saved(figure, ending))
    else:
        raise TypeError(
            f"log_figure takes a figure of Matplotlib, Plotly or Altair, not {type(figure).__name__}: use "
            "log_image for a picture or an array, log_table for a table, log_artifact for a file"
        )


def format_of(file_name: str) -> str:
    """Return the format that a file's name ends in; raise ValueError if it has no ending."""
    ending = PurePosixPath(file_name).suffix.removeprefix(".").lower()
    if not ending:
        raise ValueError(f"{file_name!r} has no ending that names the format: call it {file_name}.png")
    return "jpeg" if ending == "jpg" else ending


def _described(
    figure: Any, file_name: str, json_ending: str, draw: Callable[[], bytes]
) -> Iterator[tuple[str, bytes]]:
    ending = PurePosixPath(file_name).suffix
    if ending == ".html":
        yield file_name, figure.to_html().encode()
        return
    json_name = file_name if ending == ".json" else file_name.removesuffix(ending) + json_ending
    yield json_name, figure.to_json().encode()
    if ending == ".json":
        return
    try:
        yield file_name, draw()
    except _NO_PICTURE as error:
        reason = f"{type(error).__name__}: {error}".partition("\n")[0]
        _log.warning("%s holds the figure, and there is no %s: %.200s", json_name, file_name, reason)


def _saved(figure: Any, format_: str) -> bytes:
    picture = _Picture()
    figure.save(picture, format=format_)
    return picture.getvalue()
