"""Dictionaries, tables and images as the bytes of a file."""

import csv
import io
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

from nightbook.record.format.plain import as_scalar, to_plain
from nightbook.record.format.values import to_strict_json
from nightbook.record.write.figures import format_of

_INDENT = 2


class Image(Protocol):
    """A Pillow image, or anything else with its ``save``."""

    def save(self, fp: Any, format: str) -> object:  # noqa: A002 Pillow's name
        """Write the image to a file."""


def encode_dict(data: object, file_name: str) -> bytes:
    """Return a dictionary or list as indented JSON, in which NaN and infinities are null.

    Raise TypeError if it is neither, or holds something else than ``to_plain`` takes.
    """
    plain = to_plain(data, file_name)
    if not isinstance(plain, dict | list):
        raise TypeError(f"log_dict takes a dict or a list, not {type(data).__name__}")
    return to_strict_json(plain, _INDENT).encode(errors="replace")


def encode_table(data: object, file_name: str) -> bytes:
    """Return columns as .csv, or as MLflow's .json: ``{"columns": [...], "data": [[...], ...]}``.

    NaN and infinities are null in .json, which lacks them. What is missing in pandas is null or empty.
    Raise TypeError if the data are not columns, ValueError if their lengths or names are wrong.
    """
    columns = _columns(data)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    ending = Path(file_name).suffix
    if ending == ".csv":
        text = io.StringIO(newline="")
        csv.writer(text).writerows([list(columns), *([_cell(item) for item in row] for row in rows)])
        return text.getvalue().encode(errors="replace")
    if ending == ".json":
        table = to_plain({"columns": list(columns), "data": rows}, file_name)
        return to_strict_json(table).encode(errors="replace")
    raise ValueError(f"log_table writes .csv or .json: {file_name!r} ends in neither")


def encode_image(image: Any, file_name: str) -> bytes:
    """Return the bytes of a Pillow image, or of a uint8 array of height x width [x 3 or 4]."""
    picture: Image = image if hasattr(image, "save") else _from_array(image)
    buffer = io.BytesIO()
    try:
        picture.save(buffer, format_of(file_name))
    except KeyError as error:
        raise ValueError(
            f"Pillow knows no image format for {file_name!r}: use .png, .jpg or .webp"
        ) from error
    return buffer.getvalue()


def _columns(data: Any) -> dict[str, list[object]]:
    table = _table(data)
    names = [str(name) for name in (table if isinstance(table, Mapping) else table.columns)]
    if len(set(names)) < len(names):
        raise ValueError(f"log_table takes columns of different names, not {', '.join(names)}")
    found = table.items() if isinstance(table, Mapping) else ((name, table[name]) for name in table.columns)
    columns = {str(name): _column(str(name), column) for name, column in found}
    if len({len(column) for column in columns.values()}) > 1:
        lengths = ", ".join(f"{key}: {len(column)}" for key, column in columns.items())
        raise ValueError(f"log_table takes columns of one length, not {lengths}")
    return columns


def _table(data: Any) -> Any:
    """Return a dict, or what has columns as a DataFrame does: itself, or what a Styler of pandas shows."""
    for table in (data, getattr(data, "data", None)):
        if isinstance(table, Mapping) or (hasattr(table, "columns") and hasattr(table, "__getitem__")):
            return table
    raise TypeError(f"log_table takes a dict of columns or a DataFrame, not {type(data).__name__}")


def _cell(value: object) -> object:
    """Return a cell of a .csv file; a time has pandas' text, and what is missing is empty."""
    if isinstance(value, Enum):
        return value.value
    return "" if as_scalar(value) is None else value


def _column(name: str, column: object) -> list[object]:
    if isinstance(column, str | bytes) or not isinstance(column, Iterable):
        raise TypeError(f"log_table takes a list for the column {name!r}, not {type(column).__name__}")
    return list(column)


def _from_array(array: Any) -> Image:
    kind = getattr(array, "dtype", type(array).__name__)
    if kind != "uint8":
        raise TypeError(
            f"log_image takes a Pillow image or an array of uint8 (0 to 255), not of {kind}: use log_figure "
            "for a figure, log_artifact for a file, (255 * array).astype('uint8') for numbers from 0 to 1"
        )
    from PIL import Image as pillow  # noqa: PLC0415, N813 the notebooks' dependency, not the core's

    image: Image = pillow.fromarray(array)
    return image
