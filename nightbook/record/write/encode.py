"""Tables, figures and images as the bytes of a file."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from nightbook.record.format.values import to_plain


class Figure(Protocol):
    """A Matplotlib figure, or anything else with its ``savefig``."""

    def savefig(self, fname: Any, *, format: str) -> object:  # noqa: A002 Matplotlib's name
        """Write the figure to a file."""


class Image(Protocol):
    """A Pillow image, or anything else with its ``save``."""

    def save(self, fp: Any, format: str) -> object:  # noqa: A002 Pillow's name
        """Write the image to a file."""


def encode_table(data: object, file_name: str) -> bytes:
    """Return columns as .csv, or as MLflow's .json: ``{"columns": [...], "data": [[...], ...]}``.

    Raise TypeError if the data are not columns, ValueError if their lengths or names are wrong.
    """
    columns = _columns(data)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    ending = Path(file_name).suffix
    if ending == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([list(columns), *rows])
        return text.getvalue().encode()
    if ending == ".json":
        table = to_plain({"columns": list(columns), "data": rows}, file_name)
        return json.dumps(table, ensure_ascii=False).encode()
    raise ValueError(f"log_table writes .csv or .json: {file_name!r} ends in neither")


def encode_figure(figure: Figure, file_name: str) -> bytes:
    """Return the bytes of a figure in the format of the name's ending."""
    if not hasattr(figure, "savefig"):
        raise TypeError(f"log_figure takes a Matplotlib figure, not {type(figure).__name__}")
    buffer = io.BytesIO()
    figure.savefig(buffer, format=_format(file_name))
    return buffer.getvalue()


def encode_image(image: Any, file_name: str) -> bytes:
    """Return the bytes of a Pillow image, or of a uint8 array of height x width [x 3 or 4]."""
    picture: Image = image if hasattr(image, "save") else _from_array(image)
    buffer = io.BytesIO()
    try:
        picture.save(buffer, _format(file_name))
    except KeyError as error:
        raise ValueError(
            f"Pillow knows no image format for {file_name!r}: use .png, .jpg or .webp"
        ) from error
    return buffer.getvalue()


def _columns(data: Any) -> dict[str, list[object]]:
    is_frame = not isinstance(data, Mapping) and hasattr(data, "to_dict")  # without importing pandas
    if not is_frame and not isinstance(data, Mapping):
        raise TypeError(f"log_table takes a dict of columns or a DataFrame, not {type(data).__name__}")
    names = [str(name) for name in data]
    if len(set(names)) < len(names):
        raise ValueError(f"log_table takes columns of different names, not {', '.join(names)}")
    table = data.to_dict(orient="list") if is_frame else data
    columns = {str(name): _column(str(name), column) for name, column in table.items()}
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{key}: {len(column)}" for key, column in columns.items())
        raise ValueError(f"log_table takes columns of one length, not {lengths}")
    return columns


def _column(name: str, column: object) -> list[object]:
    if isinstance(column, str | bytes) or not isinstance(column, Iterable):
        raise TypeError(f"log_table takes a list for the column {name!r}, not {type(column).__name__}")
    return list(column)


def _format(file_name: str) -> str:
    ending = Path(file_name).suffix.removeprefix(".").lower()
    if not ending:
        raise ValueError(f"{file_name!r} has no ending that names the format: call it {file_name}.png")
    return "jpeg" if ending == "jpg" else ending


def _from_array(array: Any) -> Image:
    kind = getattr(array, "dtype", type(array).__name__)
    if kind != "uint8":
        raise TypeError(f"log_image takes a Pillow image or an array of uint8 (0 to 255), not of {kind}")
    from PIL import Image as pillow  # noqa: PLC0415, N813 the notebooks' dependency, not the core's

    image: Image = pillow.fromarray(array)
    return image
